namespace ActorEmbed.Bench.Compiled;

/// <summary>A single request of one text with nothing beside it.</summary>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Tokens">Length of the text.</param>
/// <param name="P50Ms">Median.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="SpeedupToPlain">Plain's median divided by this one's.</param>
internal sealed record LoneLatency(string Variant, int Tokens, double P50Ms, double P99Ms, double SpeedupToPlain);
