using ActorEmbed.Actors.Messages;
using Akka.Actor;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class TokenVectors
{
    public static async Task<ReadOnlyMemory<float>> AskAsync(IActorRef router)
    {
        #region shown
        var tokens = (TokensEmbedded)await router.Ask<EmbedReply>(new EmbedTokens(["some text"]), TimeSpan.FromMinutes(2));
        var first = tokens.VectorOf(text: 0, token: 0);      // of tokens.Model.TokenDimensions numbers; tokens.TokenCounts[0] of them
        #endregion
        return first;
    }
}
