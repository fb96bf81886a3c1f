using ActorEmbed.Actors.Messages;
using Akka.Actor;

namespace ActorEmbed.Documents.Tests.Snippets;

internal static class RankedTexts
{
    public static async Task<(TextsRanked Ranked, int Best)> AskAsync(IActorRef router)
    {
        #region shown
        var ranked = (TextsRanked)await router.Ask<EmbedReply>(new RankTexts("some question", ["some text", "ein Text"]), TimeSpan.FromMinutes(2));
        var best = ranked.BestFirst[0];                      // an index: ranked.Scores[best] as CrossEncoder gives it, ranked.Logits[best] before that
        #endregion
        return (ranked, best);
    }
}
