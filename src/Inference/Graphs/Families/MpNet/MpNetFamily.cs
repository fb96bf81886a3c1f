using ActorEmbed.Inference.Graphs.Families.Bert;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Graphs.PostNorm;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Families.MpNet;

/// <summary>MPNet: BERT without token types, RoBERTa's positions, and a bias by distance that all layers share.</summary>
internal sealed class MpNetFamily : IEncoderFamily
{
    // In the modelling code: what the configuration says of padding is the tokenizer's business.
    private const int PaddingId = 1;

    public IReadOnlyList<string> ModelTypes { get; } = ["mpnet"];

    public EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot) => BertConfig.TryRead(config, PaddingId, out whyNot);

    public IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot) => PostNormEncoder.TryOpen(
        files, architecture, MpNetTensorNames.Instance, out whyNot, tensors => ReadBias(tensors, architecture));

    private static RelativeBias ReadBias(EncoderTensors tensors, EncoderArchitecture architecture)
    {
        var buckets = Math.Max(tensors.Rows(MpNetTensorNames.RelativeBias), RelativeBias.Buckets);
        tensors.Find(MpNetTensorNames.RelativeBias, buckets, architecture.Heads);
        var places = Math.Min(PackedGraph.Padded(architecture.MaxTokens), architecture.LongTexts.LongerThan);
        return new RelativeBias(
            () => tensors.Read(MpNetTensorNames.RelativeBias, buckets, architecture.Heads), architecture.Heads, places, architecture.MaxTokens);
    }
}
