
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

    /// <exception cref="ModelLoadException">The mode is not one that can be run.</exception>
    public static PoolingMode Read(JsonFile pooling)
    {
        var modes = pooling.Text("pooling_mode") is { } named
            ? [named]
            : pooling.NamesOfTrueFields().Where(name => name.StartsWith(FlagPrefix, StringComparison.Ordinal))
                .Select(name => name[FlagPrefix.Length..]).ToArray();
        return modes switch
        {
            [var only] when Modes.TryGetValue(only, out var mode) => mode,
            [] => throw new ModelLoadException($"{pooling.Name} names no pooling mode."),
            _ => throw new ModelLoadException(
                $"{pooling.Name} asks for pooling '{string.Join(" + ", modes)}', which is not supported; " +
                $"{string.Join(", ", Modes.Keys.Order(StringComparer.Ordinal))}, one at a time, are."),
        };
    }
}
