namespace ActorEmbed.Bench.Compiled;

/// <summary>How one variant did on one workload.</summary>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Workload">Name of the workload.</param>
/// <param name="TokensPerSecond">Real tokens, median of the rounds.</param>
/// <param name="TextsPerSecond">Median of the rounds.</param>
/// <param name="RatioToNaive">Median of the ratios to the naive variant in the same round.</param>
internal sealed record Throughput(string Variant, string Workload, double TokensPerSecond, double TextsPerSecond, double RatioToNaive);
