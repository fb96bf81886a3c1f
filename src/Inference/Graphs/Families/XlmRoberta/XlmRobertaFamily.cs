using ActorEmbed.Inference.Graphs.Families.Bert;
using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.XlmRoberta;

/// <summary>RoBERTa and its descendants: BERT, but positions count from the padding token's id plus one and skip it.</summary>
internal sealed class XlmRobertaFamily : IEncoderFamily
{
    // As the transformers library has it for configurations that leave the field out.
    private const int DefaultPaddingId = 1;

    public IReadOnlyList<string> ModelTypes { get; } = ["xlm-roberta", "roberta", "camembert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot) =>
        BertConfig.TryRead(config, config.Id("pad_token_id", DefaultPaddingId), out whyNot);

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        PostNormEncoder.TryOpen(files, architecture, BertTensorNames.Instance, out whyNot);
}
