namespace ActorEmbed.Inference.Repositories;

/// <summary>What a model is run from.</summary>
/// <param name="IsCompiled">Whether a graph is made from safetensors; otherwise the repository's own graph is run.</param>
/// <param name="Files">The files with the weights, paths in the repository; a graph last, after its data files.</param>
internal sealed record PlannedWeights(bool IsCompiled, IReadOnlyList<string> Files)
{
    /// <summary>The file that stands for the others in messages.</summary>
    public string Main => Files[^1];

    /// <summary>For a person, as the end of a sentence: <c>compiled from model.safetensors</c>.</summary>
    public override string ToString() =>
        IsCompiled ? $"compiled from {(Files.Count == 1 ? Main : $"{Files.Count} safetensors files")}" : $"runs {Main}";
}
