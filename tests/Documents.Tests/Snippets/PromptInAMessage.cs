using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class PromptInAMessage
{
    public static async Task<EmbedReply> AskAsync(IActorRef router)
    {
        #region shown
        var asked = await router.Ask<EmbedReply>(new EmbedTexts(["some question"]) { Prompt = PromptChoice.Query }, TimeSpan.FromMinutes(2));
        #endregion
        return asked;
    }
}
