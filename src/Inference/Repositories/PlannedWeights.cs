namespace ActorEmbed.Inference.Repositories;

/// <summary>What a model is run from.</summary>
/// <param name="Kind">How it is run.</param>
/// <param name="Files">The files with the weights, paths in the repository; a graph last, after its data files.</param>
internal sealed record PlannedWeights(RunKind Kind, IReadOnlyList<string> Files)
{
    /// <summary>The file that stands for the others in messages.</summary>
    public string Main => Files[^1];

    /// <summary>For a person, as the end of a sentence: <c>compiled from model.safetensors</c>.</summary>
    public override string ToString() => Kind switch
    {
        RunKind.Compiled => $"compiled from {(Files.Count == 1 ? Main : $"{Files.Count} safetensors files")}",
        RunKind.CompiledGraph => $"compiled from {Main}",
        RunKind.Table => $"looks up {Main}",
        _ => $"runs {Main}",
    };

    /// <summary>Whether a graph is made from its weights.</summary>
    public bool IsCompiled => Kind is RunKind.Compiled or RunKind.CompiledGraph;
}
