using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Tests.Scheduling;

/// <summary>Requests for tests of the queue alone, where nobody waits for an answer.</summary>
internal static class Requests
{
    public static QueuedRequest Of(long id, params string[] texts) => new(id, [.. texts.Select(EmbeddingInput.FromString)]);

    /// <summary>Texts of about four tokens, told apart by the name.</summary>
    public static QueuedRequest Of(long id, string name, int texts) =>
        Of(id, [.. Enumerable.Range(0, texts).Select(i => $"{name} {i}")]);

    /// <summary>The texts of a batch, in its order.</summary>
    public static string[] TextsOf(Batch? batch) => batch is null ? [] : [.. batch.ToMessage().Texts.Select(t => t.Text.Text!)];
}
