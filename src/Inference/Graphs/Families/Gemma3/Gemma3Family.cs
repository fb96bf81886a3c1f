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

    public IReadOnlyList<string> ModelTypes { get; } = ["gemma3_text"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        var activation = config.Text("hidden_activation", "gelu_pytorch_tanh");
        whyNot = activation != "gelu_pytorch_tanh" ? $"hidden_activation '{activation}' is not known to it"
            : config.IsSet("attn_logit_softcapping") ? "attn_logit_softcapping is not known to it"
            : config.IsSet("rope_scaling") ? "rope_scaling is not known to it"
            : StandardFields.FirstMissing(config) ?? "";
        if (whyNot.Length > 0)
            return null;
        var heads = config.Count("num_attention_heads");
        var keyValueHeads = config.Count("num_key_value_heads", heads);
        var headSize = config.Count("head_dim", DefaultHeadSize);
        var shape = config.Checked(
            StandardFields.Shape(config, paddingId: null, config.Number("rms_norm_eps") ?? DefaultNormEpsilon) with { HeadSize = headSize },
            keyValueHeads,
            headSize);
        var pattern = config.Count("_sliding_window_pattern", config.Count("sliding_window_pattern", DefaultPattern));
        return new Gemma3Architecture(
            shape,
            keyValueHeads,
            1f / MathF.Sqrt(config.Number("query_pre_attn_scalar") ?? DefaultScalar),
            !config.Flag("use_bidirectional_attention"),
            LayerTypes.LocalLayers(config, shape.Layers, layer => (layer + 1) % pattern != 0),
            config.Count("sliding_window", DefaultWindow),
            LayerTypes.GlobalRotaryBase(config) ?? config.Number("rope_theta") ?? DefaultGlobalBase,
            LayerTypes.LocalRotaryBase(config) ?? config.Number("rope_local_base_freq") ?? DefaultLocalBase);
    }

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        EncoderTensors.TryFind(files, ["", "model.", "0.auto_model."], DecoderEncoder.TokenTableName, out whyNot) is { } tensors
            ? new Gemma3Encoder(tensors, (Gemma3Architecture)architecture)
            : null;
}
