using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>An encoder whose family writes its layers itself, out of the shared pieces, the same in every precision.</summary>
internal abstract class LayeredEncoder : IEncoderWriter
{
    public abstract WeightTensor TokenTable { get; }

    public void WriteExact(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling) => Write(graph, pooling, new ExactTokenProducts());

    public void WriteObserved(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling) => Write(graph, pooling, new ObservedTokenProducts());

    public void WriteQuantized(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, ActivationStatistics inputs, int sumLimit) =>
        Write(graph, pooling, new QuantizedTokenProducts(inputs, sumLimit));

    /// <param name="graph">The graph to write.</param>
    /// <param name="pooling">How token vectors become the vector of a text.</param>
    /// <param name="products">Writes the dense products.</param>
    protected abstract void Write(OnnxGraph graph, IReadOnlyList<PoolingMode> pooling, TokenProducts products);
}
