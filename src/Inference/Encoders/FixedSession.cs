using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Encoders;

/// <summary>A graph open for runs of one shape, and their inputs.</summary>
/// <param name="Session">Over the graph.</param>
/// <param name="Inputs">Of its runs.</param>
internal sealed record FixedSession(BoundSession Session, FixedInputs Inputs) : IDisposable
{
    /// <inheritdoc cref="DeviceTarget.Open" />
    public static FixedSession Open(
        DeviceTarget device, string graphPath, EncoderArchitecture architecture, PackedTokenTable tokenTable, FixedShape shape) => new(
            new BoundSession(device.Runtime, device.Open(graphPath, shape)), new FixedInputs(architecture, tokenTable, shape));

    public void Dispose() => Session.Dispose();
}
