using ActorEmbed.Inference.Graphs.Decoders;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.Qwen3;

/// <summary>Qwen3: a causal decoder with grouped heads, queries and keys normalised head by head.</summary>
internal sealed class Qwen3Family : IEncoderFamily
{
    // As the transformers library has them for configurations that leave the fields out.
    private const float DefaultNormEpsilon = 1e-6f;
    private const float DefaultRotaryBase = 10_000f;

    public IReadOnlyList<string> ModelTypes { get; } = ["qwen3"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        var activation = config.Text("hidden_act", "silu");
        whyNot = activation != "silu" ? $"hidden_act '{activation}' is not known to it"
            : config.Flag("use_sliding_window") ? "use_sliding_window is not known to it"
            : config.IsSet("rope_scaling") ? "rope_scaling is not known to it"
            : config.Section("rope_parameters")?.Text("rope_type", "default") is not (null or "default") ? "rope_parameters other than the default are not known to it"
            : StandardFields.FirstMissing(config) ?? "";
        if (whyNot.Length > 0)
            return null;
        var heads = config.Count("num_attention_heads");
        var keyValueHeads = config.Count("num_key_value_heads", heads);
        var headSize = config.Count("head_dim", Math.Max(1, config.Count("hidden_size") / heads));
        var shape = config.Checked(
            StandardFields.Shape(config, paddingId: null, config.Number("rms_norm_eps") ?? DefaultNormEpsilon) with { HeadSize = headSize },
            keyValueHeads,
            headSize);
        return new Qwen3Architecture(
            shape,
            keyValueHeads,
            config.Section("rope_parameters")?.Number("rope_theta") ?? config.Number("rope_theta") ?? DefaultRotaryBase);
    }

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        EncoderTensors.TryFind(files, ["", "model.", "0.auto_model."], DecoderEncoder.TokenTableName, out whyNot) is { } tensors
            ? new Qwen3Encoder(tensors, (Qwen3Architecture)architecture)
            : null;
}
