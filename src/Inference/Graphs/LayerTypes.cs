namespace ActorEmbed.Inference.Graphs;

/// <summary>What <c>config.json</c> says of models whose layers are of two types: local ones see a window, global ones the whole text.</summary>
internal static class LayerTypes
{
    private const string Local = "sliding_attention";
    private const string Global = "full_attention";

    /// <summary>Which layers are local.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="otherwise">The same for one layer, counted from 0, where the configuration does not list them.</param>
    public static bool[] LocalLayers(EncoderConfig config, int layers, Func<int, bool> otherwise)
    {
        var types = config.Texts("layer_types");
        return [.. Enumerable.Range(0, layers).Select(layer => types is null ? otherwise(layer) : types.ElementAtOrDefault(layer) == Local)];
    }

    /// <summary>Base of the rotary frequencies in local layers, as newer versions of the transformers library write it, or null.</summary>
    public static float? LocalRotaryBase(EncoderConfig config) => RotaryBase(config, Local);

    /// <summary>The same for global layers.</summary>
    public static float? GlobalRotaryBase(EncoderConfig config) => RotaryBase(config, Global);

    private static float? RotaryBase(EncoderConfig config, string layerType) =>
        config.Section("rope_parameters")?.Section(layerType)?.Number("rope_theta");
}
