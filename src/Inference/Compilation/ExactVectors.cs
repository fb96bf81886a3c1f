using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Compilation;

/// <summary>What a device is compared with.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Vectors">Of each what the processor gives in single precision.</param>
/// <param name="Duration">Time that it takes for all of them.</param>
internal sealed record ExactVectors(TokenizedText[] Texts, float[][] Vectors, TimeSpan Duration);
