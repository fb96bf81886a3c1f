namespace ActorEmbed.Inference.Graphs.Families.NomicBert;

/// <summary>The shape of a NomicBERT.</summary>
/// <param name="Shape">What every encoder has.</param>
/// <param name="RotaryBase">Base of the frequencies that turn queries and keys.</param>
internal sealed record NomicBertArchitecture(EncoderArchitecture Shape, float RotaryBase) : EncoderArchitecture(Shape);
