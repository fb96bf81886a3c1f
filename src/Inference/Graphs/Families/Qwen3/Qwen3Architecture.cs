using ActorEmbed.Inference.Graphs.Decoders;

namespace ActorEmbed.Inference.Graphs.Families.Qwen3;

/// <summary>The shape of a Qwen3.</summary>
/// <param name="Shape">What every encoder has.</param>
/// <param name="KeyValueHeads">As in <see cref="DecoderArchitecture"/>.</param>
/// <param name="RotaryBase">Base of the frequencies that turn queries and keys.</param>
internal sealed record Qwen3Architecture(EncoderArchitecture Shape, int KeyValueHeads, float RotaryBase)
    : DecoderArchitecture(Shape, KeyValueHeads);
