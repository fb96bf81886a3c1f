namespace ActorEmbed.Inference.Hub;

/// <summary>What <see cref="ModelFileSelection"/> chose.</summary>
/// <param name="Paths">Files to have, the weights last.</param>
/// <param name="Missing">What a model cannot do without and is not available; empty when the model is usable.</param>
/// <param name="Absent">
/// Files that would have been chosen first, or that change how a model works, and are not available. A listing of the
/// hub proves that they do not exist; a cache that another tool filled does not.
/// </param>
internal sealed record ModelFiles(
    IReadOnlyList<string> Paths, IReadOnlyList<string> Missing, IReadOnlyList<string> Absent);
