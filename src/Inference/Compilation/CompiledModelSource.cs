using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Repositories;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Compilation;

/// <summary>What a model is compiled from.</summary>
/// <param name="Directory">Holds <c>config.json</c> and the weights.</param>
/// <param name="Pooling">How token vectors become the vector of a text; several ways stand side by side.</param>
/// <param name="Tokenizer">Of the same model, for the calibration texts; waits while it is being loaded.</param>
internal sealed record CompiledModelSource(string Directory, IReadOnlyList<PoolingMode> Pooling, Func<ITextTokenizer> Tokenizer)
{
    /// <summary>What a reranker's graph is made for; null where it is made for single texts.</summary>
    public ClassifierHead? Head { get; init; }

    /// <summary>The tokenizer of a reranker, for pairs of the calibration texts; waits likewise.</summary>
    public Func<PairTokenizer>? Pairs { get; init; }

    /// <summary>Called before it is compiled.</summary>
    public Action OnCompiling { get; init; } = () => { };

    /// <summary>Most tokens of a text that it is given.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Where its compiled models are kept; null where the model's place decides.</summary>
    public string? CompiledModelDirectory { get; init; }

    /// <summary>
    /// Opens the graph that the weights were found in, whose vectors the compiled ones are compared with before they are
    /// trusted; null where the weights have their names from a safetensors file.
    /// </summary>
    public Func<ITextEncoder>? OriginalGraph { get; init; }

    /// <summary>See <see cref="CpuFeatures.WeightSumLimit"/>; another than that of the processor is for measuring and for tests.</summary>
    public int WeightSumLimit { get; init; } = CpuFeatures.WeightSumLimit;

    public string ConfigPath => Path.Combine(Directory, ModelFile.Configuration);

    /// <summary>The safetensors files, by default the one that has the usual name; or the graph, after its data files.</summary>
    public IReadOnlyList<string> WeightsPaths { get; init; } = [Path.Combine(Directory, SafetensorsIndex.SingleFile)];
}
