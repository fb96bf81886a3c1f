using System.Globalization;
using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>Where a graph begins: the row of the token table of each token.</summary>
internal static class TokenRows
{
    /// <returns>[T, hidden]: an input, or looked up by ids where the table is in the graph.</returns>
    public static string Declare(OnnxGraph graph, int hidden) => graph.Device?.WriteTokenTable is { } write
        ? graph.Node("Gather", write(graph), graph.Input(PackedGraph.TokenIds, DataType.Int32, "T"))
        : graph.FromSingle(graph.Input(PackedGraph.TokenRows, DataType.Float, "T", hidden.ToString(CultureInfo.InvariantCulture)));
}
