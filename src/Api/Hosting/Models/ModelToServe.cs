using ActorEmbed.Inference;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>A model that this process is to serve, before it is loaded.</summary>
/// <param name="Load">
/// Loads it; called on a thread of its own, again after every failure. The token is cancelled when that is of no use any more.
/// </param>
internal sealed record ModelToServe(Func<CancellationToken, IEmbeddingModel> Load)
{
    /// <summary>The name that the settings give it; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Its full id; null where only the loaded model will tell.</summary>
    public string? Id { get; init; }

    /// <summary>What it is for; null where only the loaded model will tell.</summary>
    public ModelKind? Kind { get; init; }

    /// <summary>Where <see cref="Load"/> reports a pull.</summary>
    public LoadProgress Progress { get; init; } = new();

    /// <summary>How it is told from the others of this process.</summary>
    public string Label => Name ?? Id ?? "model";

    /// <summary>For a router of a cluster: its models are on other nodes.</summary>
    public static ModelToServe Elsewhere { get; } = new(_ => throw new NotSupportedException("A router runs no model."));

    /// <summary>The same for each of several that it expects.</summary>
    public static IReadOnlyList<ModelToServe> AllElsewhere(IList<string> expected) =>
        expected.Count > 1 ? [.. expected.Select(name => Elsewhere with { Id = name, Progress = new LoadProgress() })] : [Elsewhere];
}
