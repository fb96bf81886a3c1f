using System.Globalization;
using System.Numerics.Tensors;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Models;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// Writes the padding-free graph of an encoder: all dense layers run on packed tokens [T, hidden], only the attention
/// core sees [texts, heads, S, head size]. Plain operators throughout: the fused ones (SkipLayerNormalization,
/// Attention, EmbedLayerNormalization) were measured slower on the CPU provider.
/// </summary>
internal sealed class EncoderGraphBuilder(
    EncoderArchitecture architecture, EncoderWeights weights, PoolingMode pooling, DenseProducts products)
{
    /// <summary>Raised with every change that makes a graph built before worth building again.</summary>
    public const int Version = 1;

    private readonly string _hidden = architecture.Hidden.ToString(CultureInfo.InvariantCulture);

    public void Build(OnnxGraph graph)
    {
        var paddedTokens = graph.Input(PackedGraph.PaddedTokens, DataType.Int32, "B", "S");
        var core = AttentionCore.Declare(graph, architecture);
        var x = Embedding(graph);
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var context = core.Write(graph, products.QueryKeyValue(graph, x, layer));
            var attended = graph.Node("Add", products.AttentionOutput(graph, context, layer), x);
            x = Normalize(graph, attended, weights.AttentionNorm(layer), products.ShiftBeforeFeedForward(layer));

            var activated = graph.Node(MicrosoftDomain, "Gelu", [products.FeedForwardUp(graph, x, layer)], []);
            var fed = graph.Node("Add", products.FeedForwardDown(graph, activated, layer), x);
            var shift = layer + 1 < architecture.Layers ? products.ShiftBeforeAttention(layer + 1) : null;
            x = Normalize(graph, fed, weights.FeedForwardNorm(layer), shift);
        }

        graph.Output(Pool(graph, x, paddedTokens), PackedGraph.Vectors, "B", _hidden);
    }

    private string Embedding(OnnxGraph graph)
    {
        var rows = graph.Input(PackedGraph.TokenRows, DataType.Float, "T", _hidden);
        var positions = graph.Input(PackedGraph.TokenPositions, DataType.Int32, "T");
        var table = graph.Floats(weights.PositionTable(), architecture.Positions, architecture.Hidden);
        var summed = graph.Node("Add", rows, graph.Node("Gather", table, positions));
        return Normalize(graph, summed, weights.EmbeddingNorm(), products.ShiftBeforeAttention(0));
    }

    private string Normalize(OnnxGraph graph, string input, NormWeights norm, float[]? shift)
    {
        var beta = norm.Beta;
        if (shift is not null)
            TensorPrimitives.Add(beta, shift, beta);
        return graph.Node(
            StandardDomain,
            "LayerNormalization",
            [input, graph.Floats(norm.Gamma, architecture.Hidden), graph.Floats(beta, architecture.Hidden)],
            [Attribute("epsilon", architecture.NormEpsilon), Attribute("axis", -1L)]);
    }

    /// <summary>Each text is pooled on its own padded rows: a product over the whole pack is not batch-invariant.</summary>
    private string Pool(OnnxGraph graph, string x, string paddedTokens)
    {
        switch (pooling)
        {
            case PoolingMode.Cls:
                var first = graph.Node(StandardDomain, "Gather", [paddedTokens, graph.Int32s([0])], [Attribute("axis", 1L)]);
                return graph.Node("Gather", x, first);
            case PoolingMode.Max:
                // Padding repeats the text's first token, which changes no maximum.
                return graph.Node(
                    StandardDomain, "ReduceMax", [graph.Node("Gather", x, paddedTokens)], [Axes(1), Attribute("keepdims", 0L)]);
            default:
                var meanWeights = graph.Input(PackedGraph.MeanWeights, DataType.Float, "B", "1", "S");
                var means = graph.Node("MatMul", meanWeights, graph.Node("Gather", x, paddedTokens));
                return graph.Node("Reshape", means, graph.Int64s(-1, architecture.Hidden));
        }
    }
}
