using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs;

/// <summary>Writes the graphs of one encoder, whose tensors have all been found.</summary>
internal interface IEncoderWriter
{
    /// <summary>[vocabulary, hidden]; not part of the graph, see <see cref="PackedGraph.TokenRows"/>.</summary>
    WeightTensor TokenTable { get; }

    /// <summary>The graph in single precision.</summary>
    void WriteExact(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling);

    /// <summary>
    /// The same, with outputs beside the vectors that tell what went into the dense products: those of
    /// <see cref="ActivationStatistics"/>.
    /// </summary>
    void WriteObserved(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling);

    /// <summary>The graph in bytes.</summary>
    /// <param name="graph">The graph to write.</param>
    /// <param name="pooling">How token vectors become the vector of a text.</param>
    /// <param name="inputs">What the outputs of <see cref="WriteObserved"/> were.</param>
    /// <param name="sumLimit">What weights of one sign may sum up to: see <see cref="WeightSums"/>.</param>
    void WriteQuantized(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, ActivationStatistics inputs, int sumLimit);
}
