using ActorEmbed.Inference;
using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Tests.RealModels;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Bench.Real;

/// <summary>One way to run a model with real weights.</summary>
internal static class RealVariant
{
    public const string Graph = "graph";
    public const string Fp32 = "fp32";
    public const string Int8 = "int8";

    /// <summary>As a processor without dot products of bytes has it; the vectors are the same on any.</summary>
    public const string BoundedSums = "int8-bounded-sums";

    public static readonly string[] All = [Graph, Fp32, Int8, BoundedSums];

    /// <summary>Those that differ in speed and memory.</summary>
    public static readonly string[] Timed = [Graph, Fp32, Int8];

    public static string Describe(string variant) => variant switch
    {
        Graph => "the graph itself, padded",
        Fp32 => "compiled fp32",
        Int8 => "compiled int8, as this processor has it",
        _ => "compiled int8, as one without dot products of bytes has it",
    };

    public static string DirectoryOf(RealModel model) => model.EnsureAt(Path.GetFullPath(Path.Combine("artifacts", "real")));

    public static ITextTokenizer Tokenizer(RealModel model) => TokenizerLoader.Load(DirectoryOf(model), model.MaxTokens);

    public static ITextEncoder Open(RealModel model, string variant)
    {
        var directory = DirectoryOf(model);
        var graph = Path.Combine(directory, "onnx", "model.onnx");
        PoolingMode[] pooling = [model.UsesFirstToken ? PoolingMode.Cls : PoolingMode.Mean];
        PaddedEncoder OpenGraph() => new(graph, new PaddedEncoderOptions { Pooling = pooling, Dimensions = null, PaddingId = 0, Threads = Environment.ProcessorCount });
        if (variant == Graph)
            return OpenGraph();

        var source = new CompiledModelSource(directory, pooling, () => Tokenizer(model)) { WeightsPaths = [graph], OriginalGraph = OpenGraph };
        if (variant == BoundedSums)
            source = source with { WeightSumLimit = WeightSums.In16Bits, CompiledModelDirectory = Path.Combine(directory, BoundedSums) };
        return CompiledEncoder.TryOpen(source, variant == Fp32 ? Precision.Fp32 : Precision.Int8, EncoderOptions.Default, NullLogger.Instance, out var whyNot)?.Encoder
            ?? throw new InvalidOperationException($"{model.Name} was not compiled: {whyNot}.");
    }
}
