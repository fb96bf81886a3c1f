using ActorEmbed.Inference.Graphs.Onnx;
using static ActorEmbed.Inference.Graphs.Onnx.OnnxGraph;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Attention over packed texts as one operator of the device: scores never stand in memory, whatever the length. It knows no
/// bias of the scores, and every token sees its whole text.
/// </summary>
internal sealed class PackedAttention
{
    private readonly OnnxGraph _graph;
    private readonly int _heads;
    private readonly string _places;
    private readonly string _starts;

    private PackedAttention(OnnxGraph graph, int heads)
    {
        _graph = graph;
        _heads = heads;
        _places = graph.Input(PackedGraph.TokenPlaces, DataType.Int32, "B", "S");
        _starts = graph.Input(PackedGraph.TextStarts, DataType.Int32, "starts");
    }

    /// <summary>Adds what all layers share; null where the device has no such operator.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="heads">Attention heads.</param>
    public static PackedAttention? TryDeclare(OnnxGraph graph, int heads) =>
        graph.Device is { HasPackedAttention: true } ? new PackedAttention(graph, heads) : null;

    /// <param name="queries">[T, heads * head size]; the factor of the scores is in them.</param>
    /// <param name="keys">As many.</param>
    /// <param name="values">As many.</param>
    /// <returns>The context, [T, heads * head size].</returns>
    public string Write(string queries, string keys, string values) => _graph.Node(
        MicrosoftDomain,
        "PackedMultiHeadAttention",
        // No bias of the projections: the products have added it.
        [queries, keys, values, "", _places, _starts],
        [Attribute("num_heads", (long)_heads), Attribute("scale", 1f)]);
}
