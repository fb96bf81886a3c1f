using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;
using ActorEmbed.Inference.Weights.Exported;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>An encoder whose layers normalise after each block, as BERT's do.</summary>
internal sealed class PostNormEncoder : IEncoderWriter
{
    private readonly EncoderArchitecture _architecture;
    private readonly PostNormWeights _weights;

    private PostNormEncoder(EncoderArchitecture architecture, PostNormWeights weights)
    {
        _architecture = architecture;
        _weights = weights;
    }

    public WeightTensor TokenTable => _weights.TokenTable;

    /// <inheritdoc cref="IEncoderFamily.TryOpen" />
    /// <param name="files">Where the tensors are.</param>
    /// <param name="architecture">The encoder's shape.</param>
    /// <param name="names">What the family calls its tensors.</param>
    /// <param name="whyNot">Why the file is not laid out as this family is, where it returns null.</param>
    /// <param name="scoreBias">Reads what is added to the attention scores of every layer, where the family has that.</param>
    public static PostNormEncoder? TryOpen(
        IModelWeights files,
        EncoderArchitecture architecture,
        IPostNormTensorNames names,
        out string whyNot,
        Func<EncoderTensors, IScoreBias>? scoreBias = null)
    {
        if (files is ExportedWeights exported && PostNormTrace.Follow(exported, architecture, names) is { } reason)
        {
            whyNot = reason;
            return null;
        }

        return PostNormWeights.TryOpen(files, architecture, names, out whyNot, scoreBias) is { } weights
            ? new PostNormEncoder(architecture, weights)
            : null;
    }

    public void WriteExact(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling) => Write(graph, pooling, new ExactProducts(_weights));

    public void WriteObserved(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling) => Write(graph, pooling, new ObservedProducts(_architecture, _weights));

    public void WriteQuantized(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, ActivationStatistics inputs, int sumLimit) =>
        Write(graph, pooling, new QuantizedProducts(_architecture, _weights, inputs, sumLimit));

    private void Write(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, DenseProducts products) =>
        new PostNormGraph(_architecture, _weights, pooling, products).Write(graph);
}
