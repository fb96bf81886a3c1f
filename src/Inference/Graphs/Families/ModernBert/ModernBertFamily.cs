using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.ModernBert;

/// <summary>
/// ModernBERT: normalised before each block, rotary positions, most layers attending to their neighbourhood only, a gated
/// feed-forward block.
/// </summary>
internal sealed class ModernBertFamily : IEncoderFamily
{
    // As the transformers library has them for configurations that leave the fields out.
    private const float DefaultNormEpsilon = 1e-5f;
    private const float DefaultGlobalBase = 160_000f;
    private const float DefaultLocalBase = 10_000f;
    private const int DefaultGlobalEvery = 3;
    private const int DefaultLocalAttention = 128;

    private const string LocalLayer = "sliding_attention";
    private const string GlobalLayer = "full_attention";

    private static readonly string[] Counts =
    [
        "num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "vocab_size", "max_position_embeddings",
    ];

    public IReadOnlyList<string> ModelTypes { get; } = ["modernbert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        var activation = config.Text("hidden_activation", "gelu");
        whyNot = activation is not ("gelu" or "silu") ? $"hidden_activation '{activation}' is not known to it" : config.FirstMissing(Counts) ?? "";
        if (whyNot.Length > 0)
            return null;
        var shape = config.Checked(new EncoderArchitecture(
            config.Count("num_hidden_layers"),
            config.Count("hidden_size"),
            config.Count("num_attention_heads"),
            config.Count("intermediate_size"),
            config.Count("vocab_size"),
            config.Count("max_position_embeddings"),
            PaddingId: null,
            config.Number("norm_eps") ?? DefaultNormEpsilon));
        var globalBase = RotaryBase(config, GlobalLayer) ?? config.Number("global_rope_theta") ?? DefaultGlobalBase;
        // A field that is there and null says: as in the global layers.
        var localBase = RotaryBase(config, LocalLayer) ?? config.Number("local_rope_theta")
            ?? (config.FirstMissing("local_rope_theta") is null ? globalBase : DefaultLocalBase);
        return new ModernBertArchitecture(
            shape,
            LocalLayers(config, shape.Layers),
            config.Count("local_attention", DefaultLocalAttention) / 2,
            globalBase,
            localBase,
            activation == "silu" ? Activation.Silu : Activation.Gelu);
    }

    public IEncoderWriter? TryOpen(SafetensorsFiles files, EncoderArchitecture architecture, out string whyNot)
    {
        var tensors = EncoderTensors.TryFind(files, ["", "model.", "0.auto_model."], ModernBertEncoder.TokenTableName);
        whyNot = tensors is null ? $"{files.Path} has no tensor '{ModernBertEncoder.TokenTableName}'" : "";
        return tensors is null ? null : new ModernBertEncoder(tensors, (ModernBertArchitecture)architecture);
    }

    private static bool[] LocalLayers(EncoderConfig config, int layers)
    {
        var every = config.Count("global_attn_every_n_layers", DefaultGlobalEvery);
        var types = config.Texts("layer_types");
        return [.. Enumerable.Range(0, layers).Select(layer => types is null ? layer % every != 0 : types.ElementAtOrDefault(layer) == LocalLayer)];
    }

    /// <summary>As newer versions of the transformers library write it.</summary>
    private static float? RotaryBase(EncoderConfig config, string layerType) =>
        config.Section("rope_parameters")?.Section(layerType)?.Number("rope_theta");
}
