using ActorEmbed.Inference.Graphs.Onnx;
using DataType = ActorEmbed.Inference.Graphs.Onnx.TensorProto.Types.DataType;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The inputs that every graph has, by the names of their values.</summary>
/// <param name="Rows">[T, hidden]: the row of the token table of each token.</param>
/// <param name="Positions">int32 [T]: the place of each token in its text.</param>
/// <param name="Padded">int32 [B, S]: the packed token at each padded place.</param>
internal readonly record struct PackedText(string Rows, string Positions, string Padded)
{
    public static PackedText Declare(OnnxGraph graph, int hidden) => new(
        TokenRows.Declare(graph, hidden),
        graph.Input(PackedGraph.TokenPositions, DataType.Int32, "T"),
        graph.Input(PackedGraph.PaddedTokens, DataType.Int32, "B", "S"));
}
