using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Fusion;

/// <summary>
/// Replaces what stands between the products of bytes by operators of our own: so the families write their graphs the same in
/// every precision.
/// </summary>
internal static class OperatorFusion
{
    public static void Apply(GraphProto graph)
    {
        var values = new GraphValues(graph);
        foreach (var quantize in graph.Node.Where(node => node.OpType == QuantizeTokens.Name).ToArray())
            _ = NormalizationFusion.TryFuse(values, quantize) || ActivationFusion.TryFuse(values, quantize);
        foreach (var attend in graph.Node.Where(node => node.OpType == AttendTokens.Name).ToArray())
            AttentionFusion.TryFuse(values, attend);
        values.RemoveUnusedTensors();
    }
}
