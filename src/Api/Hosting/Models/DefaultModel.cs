namespace ActorEmbed.Api.Hosting.Models;

/// <summary>The model that is taken when none is named and it is on the disk.</summary>
internal static class DefaultModel
{
    /// <summary>What the old sidecar served.</summary>
    public const string Id = "sentence-transformers/paraphrase-multilingual-mpnet-base-v2";
}
