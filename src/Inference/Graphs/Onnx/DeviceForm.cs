namespace ActorEmbed.Inference.Graphs.Onnx;

/// <summary>What a device that is not the processor asks of a graph.</summary>
/// <param name="IsHalf">Whether weights and activations are of half precision; what is pooled and given is not.</param>
/// <param name="WriteTokenTable">Writes the token table into the graph, which then takes ids in place of rows; null for a device that shares the processor's memory.</param>
/// <param name="HasPackedAttention">Whether the device has attention over packed texts as one operator.</param>
internal sealed record DeviceForm(bool IsHalf, Func<OnnxGraph, string>? WriteTokenTable, bool HasPackedAttention)
{
    /// <summary>
    /// Whether a session over the graph is opened for one number of texts, all padded to one length (<see cref="FixedShape"/>), and
    /// knows no operators but those of ONNX itself.
    /// </summary>
    public bool IsFixed { get; init; }
}
