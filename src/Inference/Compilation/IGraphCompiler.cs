using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Writes graphs of one model to directories, tests what it wrote, and opens it.</summary>
/// <typeparam name="T">What runs such a graph.</typeparam>
internal interface IGraphCompiler<out T>
    where T : class, ITextEncoder
{
    /// <returns>Why the graph must not be used, or null.</returns>
    /// <exception cref="ModelLoadException">The weights are damaged.</exception>
    /// <exception cref="InferenceException">The graph could not be run, or the weights were changed meanwhile.</exception>
    string? Write(CompiledGraphKind kind, string directory);

    /// <summary>Opens a directory that <see cref="Write"/> filled.</summary>
    T Open(string directory);
}
