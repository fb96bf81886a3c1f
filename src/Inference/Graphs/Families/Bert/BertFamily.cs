using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.Bert;

/// <summary>BERT: absolute positions from 0, one normalisation after each block.</summary>
internal sealed class BertFamily : IEncoderFamily
{
    public IReadOnlyList<string> ModelTypes { get; } = ["bert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot) =>
        BertConfig.TryRead(config, paddingId: null, out whyNot);

    // The pooler, which vectors do without, is a part of the classifier.
    public ClassifierHead? FindHead(string architecture, EncoderConfig config) => architecture == "BertForSequenceClassification"
        ? new(PoolingMode.Cls, "bert.pooler.dense", VectorActivation.Tanh, "classifier") { TokenTypes = BertConfig.TokenTypes(config) }
        : null;

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        PostNormEncoder.TryOpen(files, architecture, BertTensorNames.Instance, out whyNot);
}
