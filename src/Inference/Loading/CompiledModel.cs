using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Inference.Loading;

/// <summary>A compiled model, open.</summary>
/// <param name="Encoder">Runs it.</param>
/// <param name="Device">Where.</param>
/// <param name="Precision">In what numbers.</param>
internal sealed record CompiledModel(ITextEncoder Encoder, Device Device, Precision Precision)
{
    /// <summary>As <see cref="ModelInfo.CalibratedShare"/>.</summary>
    public double? CalibratedShare { get; init; }
}
