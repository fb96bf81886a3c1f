namespace ActorEmbed.Inference.Graphs.Onnx;

/// <summary>What a device that is not the processor asks of a graph, so that little crosses the bus.</summary>
/// <param name="IsHalf">Whether weights and activations are of half precision; what is pooled and given is not.</param>
/// <param name="WriteTokenTable">Writes the token table into the graph, which then takes ids in place of rows.</param>
/// <param name="HasPackedAttention">Whether the device has attention over packed texts as one operator.</param>
internal sealed record DeviceForm(bool IsHalf, Func<OnnxGraph, string> WriteTokenTable, bool HasPackedAttention);
