using ActorEmbed.Inference.Operators;

namespace ActorEmbed.Inference.Graphs.Families.ModernBert;

/// <summary>The shape of a ModernBERT.</summary>
/// <param name="Shape">What every encoder has.</param>
/// <param name="LocalLayers">Which layers attend to their neighbourhood only.</param>
/// <param name="LocalTokens">How far those see to either side.</param>
/// <param name="GlobalRotaryBase">Base of the frequencies in the other layers.</param>
/// <param name="LocalRotaryBase">Base of the frequencies in local layers.</param>
/// <param name="Activation">Of the gate.</param>
internal sealed record ModernBertArchitecture(
    EncoderArchitecture Shape,
    IReadOnlyList<bool> LocalLayers,
    int LocalTokens,
    float GlobalRotaryBase,
    float LocalRotaryBase,
    Activation Activation) : EncoderArchitecture(Shape);
