namespace ActorEmbed.Inference.Graphs.Families.GteNew;

/// <summary>The shape of an encoder of the type "new", as the GTE models have it.</summary>
/// <param name="Shape">What every encoder has.</param>
/// <param name="RotaryBase">Base of the frequencies that turn queries and keys, stretched already.</param>
/// <param name="RotaryDivisor">Divides all frequencies.</param>
internal sealed record GteNewArchitecture(EncoderArchitecture Shape, double RotaryBase, double RotaryDivisor) : EncoderArchitecture(Shape);
