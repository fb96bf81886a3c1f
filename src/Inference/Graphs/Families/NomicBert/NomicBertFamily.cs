using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.RotaryPostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.NomicBert;

/// <summary>NomicBERT: BERT with rotary positions and a gated feed-forward block, normalised after each block.</summary>
internal sealed class NomicBertFamily : IEncoderFamily
{
    private const float DefaultNormEpsilon = 1e-12f;
    private const float DefaultRotaryBase = 10_000f;

    private static readonly string[] Counts = ["n_layer", "n_embd", "n_head", "n_inner", "vocab_size", "n_positions"];

    public IReadOnlyList<string> ModelTypes { get; } = ["nomic_bert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        whyNot = WhyUnknown(config) ?? config.FirstMissing(Counts) ?? "";
        return whyNot.Length > 0 ? null : new NomicBertArchitecture(
            config.Checked(new EncoderArchitecture(
                config.Count("n_layer"),
                config.Count("n_embd"),
                config.Count("n_head"),
                config.Count("n_inner"),
                config.Count("vocab_size"),
                // Beyond the trained length the positions would be stretched by the length of each text.
                config.IsSet("rotary_scaling_factor")
                    ? Math.Min(config.Count("n_positions"), config.Count("max_trained_positions", config.Count("n_positions")))
                    : config.Count("n_positions"),
                PaddingId: null,
                config.Number("layer_norm_epsilon") ?? DefaultNormEpsilon)),
            config.Number("rotary_emb_base") ?? DefaultRotaryBase);
    }

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        EncoderTensors.TryFind(files, ["", "model.", "bert.", "0.auto_model."], RotaryPostNormNames.TokenTable, out whyNot) is { } tensors
            ? new NomicBertEncoder(tensors, (NomicBertArchitecture)architecture)
            : null;

    private static string? WhyUnknown(EncoderConfig config)
    {
        var activation = config.Text("activation_function", "swiglu");
        return activation != "swiglu" ? $"activation_function '{activation}' is not known to it"
            : config.Number("rotary_emb_fraction") is not (null or 1f) ? "rotary_emb_fraction other than 1 is not known to it"
            : Array.Find<string>(["prenorm", "parallel_block", "rotary_emb_interleaved", "use_rms_norm", "causal"], config.Flag) is { } flag
                ? $"{flag} is not known to it"
            : config.IsSet("num_experts") ? "a mixture of experts is not known to it"
            : null;
    }
}
