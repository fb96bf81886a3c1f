using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Inference.Compilation;

/// <summary>A compiled model, open.</summary>
/// <param name="Encoder">Runs it.</param>
/// <param name="Precision">What it is computed with: not what was asked for where no such graph passed its test.</param>
internal sealed record OpenedEncoder(PackedEncoder Encoder, Precision Precision);
