using ActorEmbed.Inference.Graphs.Families.Bert;
using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.XlmRoberta;

/// <summary>RoBERTa and its descendants: BERT, but positions count from the padding token's id plus one and skip it.</summary>
internal sealed class XlmRobertaFamily : IEncoderFamily
{
    // As the transformers library has it for configurations that leave the field out.
    private const int DefaultPaddingId = 1;

    private static readonly string[] Classifiers =
        ["XLMRobertaForSequenceClassification", "RobertaForSequenceClassification", "CamembertForSequenceClassification"];

    public IReadOnlyList<string> ModelTypes { get; } = ["xlm-roberta", "roberta", "camembert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot) =>
        BertConfig.TryRead(config, config.Id("pad_token_id", DefaultPaddingId), out whyNot);

    public ClassifierHead? FindHead(string architecture, EncoderConfig config) => Classifiers.Contains(architecture)
        ? new(PoolingMode.Cls, "classifier.dense", VectorActivation.Tanh, "classifier.out_proj") { TokenTypes = BertConfig.TokenTypes(config) }
        : null;

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        PostNormEncoder.TryOpen(files, architecture, BertTensorNames.Instance, out whyNot);
}
