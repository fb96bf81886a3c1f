using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.RotaryPostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.GteNew;

/// <summary>
/// The encoder that calls itself "new" (GTE v1.5, gte-multilingual, arctic-embed v2 medium): rotary positions, packed
/// projections, a gated feed-forward block, normalised after each block.
/// </summary>
internal sealed class GteNewFamily : IEncoderFamily
{
    private const float DefaultNormEpsilon = 1e-12f;
    private const float DefaultRotaryBase = 10_000f;

    public IReadOnlyList<string> ModelTypes { get; } = ["new"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        whyNot = WhyUnknown(config) ?? StandardFields.FirstMissing(config) ?? "";
        if (whyNot.Length > 0)
            return null;
        var shape = config.Checked(StandardFields.Shape(config, paddingId: null, config.Number("layer_norm_eps") ?? DefaultNormEpsilon));
        double theta = config.Number("rope_theta") ?? DefaultRotaryBase;
        var factor = config.Section("rope_scaling")?.Number("factor") ?? 1f;
        // The stretching is always on, not only for long texts: a larger base, and all frequencies divided.
        return new GteNewArchitecture(shape, theta * factor, Math.Pow(factor, 2d / shape.HeadSize));
    }

    // With a table of several types the two texts of a pair would differ in theirs, and the graph adds the first to all.
    public ClassifierHead? FindHead(string architecture, EncoderConfig config) =>
        architecture == "NewForSequenceClassification" && config.Number("type_vocab_size") is not > 1
            ? new(PoolingMode.Cls, "new.pooler.dense", VectorActivation.Tanh, "classifier")
            : null;

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        EncoderTensors.TryFind(files, ["", "new.", "model.", "0.auto_model."], RotaryPostNormNames.TokenTable, out whyNot) is { } tensors
            ? new GteNewEncoder(tensors, (GteNewArchitecture)architecture)
            : null;

    private static string? WhyUnknown(EncoderConfig config)
    {
        var positions = config.Text("position_embedding_type", "rope");
        var norm = config.Text("layer_norm_type", "layer_norm");
        var activation = config.Text("hidden_act", "gelu");
        var scaling = config.Section("rope_scaling")?.Text("type", "ntk") ?? "ntk";
        return positions != "rope" ? $"position_embedding_type '{positions}' is not known to it"
            : norm != "layer_norm" ? $"layer_norm_type '{norm}' is not known to it"
            : activation != "gelu" ? $"hidden_act '{activation}' is not known to it"
            : scaling != "ntk" ? $"rope_scaling '{scaling}' is not known to it"
            : config.Section("rope_scaling")?.IsSet("mixed_b") == true ? "rope_scaling with mixed_b is not known to it"
            : config.Flag("logn_attention_scale") ? "logn_attention_scale is not known to it"
            : null;
    }
}
