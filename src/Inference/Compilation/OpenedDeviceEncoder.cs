using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Inference.Compilation;

/// <summary>A model compiled for a device, open there.</summary>
/// <param name="Encoder">Runs it.</param>
/// <param name="Precision">What it is computed with.</param>
internal sealed record OpenedDeviceEncoder(ITextEncoder Encoder, Precision Precision);
