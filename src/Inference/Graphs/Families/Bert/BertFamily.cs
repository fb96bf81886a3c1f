using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.Bert;

/// <summary>BERT: absolute positions from 0, one normalisation after each block.</summary>
internal sealed class BertFamily : IEncoderFamily
{
    public IReadOnlyList<string> ModelTypes { get; } = ["bert"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot) =>
        BertConfig.TryRead(config, paddingId: null, out whyNot);

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) =>
        PostNormEncoder.TryOpen(files, architecture, BertTensorNames.Instance, out whyNot);
}
