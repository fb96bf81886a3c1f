using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators;
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

    public IReadOnlyList<string> ModelTypes { get; } = ["modernbert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        var activation = config.Text("hidden_activation", "gelu");
        whyNot = activation is not ("gelu" or "silu") ? $"hidden_activation '{activation}' is not known to it" : StandardFields.FirstMissing(config) ?? "";
        if (whyNot.Length > 0)
            return null;
        var shape = config.Checked(StandardFields.Shape(config, paddingId: null, config.Number("norm_eps") ?? DefaultNormEpsilon));
        var every = config.Count("global_attn_every_n_layers", DefaultGlobalEvery);
        var globalBase = LayerTypes.GlobalRotaryBase(config) ?? config.Number("global_rope_theta") ?? DefaultGlobalBase;
        // A field that is there and null says: as in the global layers.
        var localBase = LayerTypes.LocalRotaryBase(config) ?? config.Number("local_rope_theta")
            ?? (config.FirstMissing("local_rope_theta") is null ? globalBase : DefaultLocalBase);
        return new ModernBertArchitecture(
            shape,
            LayerTypes.LocalLayers(config, shape.Layers, layer => layer % every != 0),
            config.Count("local_attention", DefaultLocalAttention) / 2,
            globalBase,
            localBase,
            activation == "silu" ? Activation.Silu : Activation.Gelu);
    }

    public ClassifierHead? FindHead(string architecture, EncoderConfig config)
    {
        var pooling = config.Text("classifier_pooling", "cls");
        return architecture == "ModernBertForSequenceClassification" && config.Text("classifier_activation", "gelu") == "gelu" && pooling is ("cls" or "mean")
            ? new(pooling == "mean" ? PoolingMode.Mean : PoolingMode.Cls, "head.dense", VectorActivation.Gelu, "classifier")
            {
                Norm = "head.norm",
                NormEpsilon = config.Number("norm_eps") ?? DefaultNormEpsilon,
            }
            : null;
    }

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        EncoderTensors.TryFind(files, ["", "model.", "0.auto_model."], ModernBertEncoder.TokenTableName, out whyNot) is { } tensors
            ? new ModernBertEncoder(tensors, (ModernBertArchitecture)architecture)
            : null;
}
