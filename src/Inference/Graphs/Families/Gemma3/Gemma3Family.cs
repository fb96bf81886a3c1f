using ActorEmbed.Inference.Graphs.Decoders;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.Gemma3;

/// <summary>
/// Gemma 3 for text, EmbeddingGemma among them: four normalisations a layer, most layers with a window, attention in both
/// directions where the configuration says so.
/// </summary>
internal sealed class Gemma3Family : IEncoderFamily
{
    // As the transformers library has them for configurations that leave the fields out.
    private const float DefaultNormEpsilon = 1e-6f;
    private const float DefaultGlobalBase = 1_000_000f;
    private const float DefaultLocalBase = 10_000f;
    private const int DefaultPattern = 6;
    private const int DefaultWindow = 4096;
    private const int DefaultScalar = 256;
    private const int DefaultHeadSize = 256;

    private const string LocalLayer = "sliding_attention";
    private const string GlobalLayer = "full_attention";

    private static readonly string[] Counts =
    [
        "num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "vocab_size", "max_position_embeddings",
    ];

    public IReadOnlyList<string> ModelTypes { get; } = ["gemma3_text"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        var activation = config.Text("hidden_activation", "gelu_pytorch_tanh");
        whyNot = activation != "gelu_pytorch_tanh" ? $"hidden_activation '{activation}' is not known to it"
            : config.IsSet("attn_logit_softcapping") ? "attn_logit_softcapping is not known to it"
            : config.IsSet("rope_scaling") ? "rope_scaling is not known to it"
            : config.FirstMissing(Counts) ?? "";
        if (whyNot.Length > 0)
            return null;
        var heads = config.Count("num_attention_heads");
        var keyValueHeads = config.Count("num_key_value_heads", heads);
        var headSize = config.Count("head_dim", DefaultHeadSize);
        var shape = config.Checked(
            new EncoderArchitecture(
                config.Count("num_hidden_layers"),
                config.Count("hidden_size"),
                heads,
                config.Count("intermediate_size"),
                config.Count("vocab_size"),
                config.Count("max_position_embeddings"),
                PaddingId: null,
                config.Number("rms_norm_eps") ?? DefaultNormEpsilon)
            { HeadSize = headSize },
            keyValueHeads,
            headSize);
        return new Gemma3Architecture(
            shape,
            keyValueHeads,
            1f / MathF.Sqrt(config.Number("query_pre_attn_scalar") ?? DefaultScalar),
            !config.Flag("use_bidirectional_attention"),
            LocalLayers(config, shape.Layers),
            config.Count("sliding_window", DefaultWindow),
            RotaryBase(config, GlobalLayer) ?? config.Number("rope_theta") ?? DefaultGlobalBase,
            RotaryBase(config, LocalLayer) ?? config.Number("rope_local_base_freq") ?? DefaultLocalBase);
    }

    public IEncoderWriter? TryOpen(SafetensorsFiles files, EncoderArchitecture architecture, out string whyNot)
    {
        var tensors = EncoderTensors.TryFind(files, ["", "model.", "0.auto_model."], DecoderEncoder.TokenTableName);
        whyNot = tensors is null ? $"{files.Path} has no tensor '{DecoderEncoder.TokenTableName}'" : "";
        return tensors is null ? null : new Gemma3Encoder(tensors, (Gemma3Architecture)architecture);
    }

    private static bool[] LocalLayers(EncoderConfig config, int layers)
    {
        var pattern = config.Count("_sliding_window_pattern", config.Count("sliding_window_pattern", DefaultPattern));
        var types = config.Texts("layer_types");
        return [.. Enumerable.Range(0, layers).Select(layer => types is null ? (layer + 1) % pattern != 0 : types.ElementAtOrDefault(layer) == LocalLayer)];
    }

    /// <summary>As newer versions of the transformers library write it.</summary>
    private static float? RotaryBase(EncoderConfig config, string layerType) =>
        config.Section("rope_parameters")?.Section(layerType)?.Number("rope_theta");
}
