using ActorEmbed.Inference.Graphs.Decoders;

namespace ActorEmbed.Inference.Graphs.Families.Gemma3;

/// <summary>The shape of a Gemma 3 for text.</summary>
/// <param name="Shape">What every encoder has.</param>
/// <param name="KeyValueHeads">As in <see cref="DecoderArchitecture"/>.</param>
/// <param name="ScoreFactor">What scores are multiplied by.</param>
/// <param name="IsCausal">Whether a token sees only those before it.</param>
/// <param name="LocalLayers">Which layers attend to their neighbourhood only.</param>
/// <param name="Window">Full width of that neighbourhood.</param>
/// <param name="GlobalRotaryBase">Base of the frequencies in the other layers.</param>
/// <param name="LocalRotaryBase">Base of the frequencies in local layers.</param>
internal sealed record Gemma3Architecture(
    EncoderArchitecture Shape,
    int KeyValueHeads,
    float ScoreFactor,
    bool IsCausal,
    IReadOnlyList<bool> LocalLayers,
    int Window,
    float GlobalRotaryBase,
    float LocalRotaryBase) : DecoderArchitecture(Shape, KeyValueHeads);
