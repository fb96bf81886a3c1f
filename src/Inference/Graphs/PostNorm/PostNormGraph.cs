using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>
/// Writes the padding-free graph of an encoder that normalises after each block: all dense layers run on packed tokens
/// [T, hidden], only a padded attention core sees [texts, heads, S, head size]. Plain operators throughout: ONNX Runtime's fused ones
/// (SkipLayerNormalization, Attention, EmbedLayerNormalization) were measured slower on the CPU provider.
/// </summary>
internal sealed class PostNormGraph(
    EncoderArchitecture architecture, PostNormWeights weights, IReadOnlyList<PoolingMode> pooling, DenseProducts products)
{
    public void Write(OnnxGraph graph)
    {
        var paddedTokens = graph.Input(PackedGraph.PaddedTokens, DataType.Int32, "B", "S");
        var core = AttentionCore.Declare(graph, paddedTokens, architecture, weights.ScoreBias);
        var x = Embedding(graph);
        for (var layer = 0; layer < architecture.Layers; layer++)
        {
            var context = core.Write(products.QueryKeyValue(graph, x, layer));
            var attended = graph.Node("Add", products.AttentionOutput(graph, context, layer), x);
            x = Normalize(graph, attended, weights.AttentionNorm(layer), products.ShiftBeforeFeedForward(layer));

            var activated = Activations.Write(graph, products.FeedForwardUp(graph, x, layer), Activation.Gelu);
            var fed = graph.Node("Add", products.FeedForwardDown(graph, activated, layer), x);
            var shift = layer + 1 < architecture.Layers ? products.ShiftBeforeAttention(layer + 1) : null;
            x = Normalize(graph, fed, weights.FeedForwardNorm(layer), shift);
        }

        PoolingHead.Write(graph, x, paddedTokens, pooling, architecture.Hidden);
    }

    private string Embedding(OnnxGraph graph)
    {
        var rows = TokenRows.Declare(graph, architecture.Hidden);
        var positions = graph.Input(PackedGraph.TokenPositions, DataType.Int32, "T");
        var table = graph.Floats(weights.PositionTable(), architecture.Positions, architecture.Hidden);
        var summed = graph.Node("Add", rows, graph.Node("Gather", table, positions));
        if (architecture.TokenTypes > 0)
        {
            var types = graph.Floats(weights.TokenTypeTable(), architecture.TokenTypes, architecture.Hidden);
            summed = graph.Node("Add", summed, graph.Node("Gather", types, graph.Input(PackedGraph.TokenTypes, DataType.Int32, "T")));
        }

        return Normalize(graph, summed, weights.EmbeddingNorm(), products.ShiftBeforeAttention(0));
    }

    private string Normalize(OnnxGraph graph, string input, NormWeights norm, float[]? shift) =>
        LayerNorm.Write(graph, input, norm, architecture.NormEpsilon, shift);
}
