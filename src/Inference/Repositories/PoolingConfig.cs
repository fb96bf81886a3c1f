using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>How a Pooling module's <c>config.json</c> names its mode.</summary>
internal static class PoolingConfig
{
    // Older repositories set one flag of many.
    private const string FlagPrefix = "pooling_mode_";

    // Under both of the names that sentence-transformers has given them.
    private static readonly Dictionary<string, PoolingMode> Modes = new(StringComparer.Ordinal)
    {
        ["mean"] = PoolingMode.Mean,
        ["mean_tokens"] = PoolingMode.Mean,
        ["cls"] = PoolingMode.Cls,
        ["cls_token"] = PoolingMode.Cls,
        ["max"] = PoolingMode.Max,
        ["max_tokens"] = PoolingMode.Max,
        ["lasttoken"] = PoolingMode.LastToken,
        ["weightedmean"] = PoolingMode.WeightedMean,
        ["weightedmean_tokens"] = PoolingMode.WeightedMean,
        ["mean_sqrt_len"] = PoolingMode.MeanSqrtLen,
        ["mean_sqrt_len_tokens"] = PoolingMode.MeanSqrtLen,
    };

    // The order in which sentence-transformers puts several side by side that are flags, whatever theirs in the file.
    private static readonly PoolingMode[] OrderOfFlags =
    [
        PoolingMode.Cls, PoolingMode.Max, PoolingMode.Mean, PoolingMode.MeanSqrtLen, PoolingMode.WeightedMean, PoolingMode.LastToken,
    ];

    /// <returns>The ways to pool, whose vectors stand side by side.</returns>
    /// <exception cref="ModelLoadException">A mode is not one that can be run.</exception>
    public static IReadOnlyList<PoolingMode> Read(JsonFile pooling)
    {
        if (pooling.TextOrTexts("pooling_mode") is { } named)
            return named.Count > 0 ? [.. named.Select(name => ModeOf(pooling, name))] : throw None(pooling);
        var flags = pooling.NamesOfTrueFields().Where(name => name.StartsWith(FlagPrefix, StringComparison.Ordinal))
            .Select(name => ModeOf(pooling, name[FlagPrefix.Length..])).ToArray();
        return flags.Length > 0 ? [.. OrderOfFlags.Where(flags.Contains)] : throw None(pooling);
    }

    private static PoolingMode ModeOf(JsonFile pooling, string name) => Modes.TryGetValue(name, out var mode)
        ? mode
        : throw new ModelLoadException(
            $"{pooling.Name} asks for pooling '{name}', which is not supported; {string.Join(", ", Modes.Keys.Order(StringComparer.Ordinal))} are.");

    private static ModelLoadException None(JsonFile pooling) => new($"{pooling.Name} names no pooling mode.");
}
