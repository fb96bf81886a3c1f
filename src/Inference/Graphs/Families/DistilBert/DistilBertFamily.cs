using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.DistilBert;

/// <summary>DistilBERT: BERT without token types, with names of its own for everything.</summary>
internal sealed class DistilBertFamily : IEncoderFamily
{
    // In the modelling code, and in no configuration.
    private const float NormEpsilon = 1e-12f;

    private static readonly string[] Counts = ["n_layers", "dim", "n_heads", "hidden_dim", "vocab_size", "max_position_embeddings"];

    public IReadOnlyList<string> ModelTypes { get; } = ["distilbert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot)
    {
        var activation = config.Text("activation", "gelu");
        whyNot = activation != "gelu" ? $"activation '{activation}' is not known to it" : config.FirstMissing(Counts) ?? "";
        return whyNot.Length > 0 ? null : config.Checked(new EncoderArchitecture(
            config.Count("n_layers"),
            config.Count("dim"),
            config.Count("n_heads"),
            config.Count("hidden_dim"),
            config.Count("vocab_size"),
            config.Count("max_position_embeddings"),
            PaddingId: null,
            NormEpsilon));
    }

    public ClassifierHead? FindHead(string architecture, EncoderConfig config) => architecture == "DistilBertForSequenceClassification"
        ? new(PoolingMode.Cls, "pre_classifier", VectorActivation.Relu, "classifier")
        : null;

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        PostNormEncoder.TryOpen(files, architecture, DistilBertTensorNames.Instance, out whyNot);
}
