using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>
/// Dense products of unsigned bytes with signed bytes; every token has a scale of its own, so that none depends on another
/// text. The greatest components of the inputs give some of their range to the weights first.
/// </summary>
/// <param name="inputs">What <see cref="ObservedTokenProducts"/> saw.</param>
/// <param name="sumLimit">What weights of one sign may sum up to: see <see cref="WeightSums"/>.</param>
internal sealed class QuantizedTokenProducts(ActivationStatistics inputs, int sumLimit) : TokenProducts
{
    public override string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer)
    {
        var seen = inputs.Take(what, layer);
        var factors = Smoothing.Factors(seen.Magnitudes(), dense);
        for (var row = 0; row < dense.Rows; row++)
            dense.ScaleRow(row, factors[row]);
        seen.Divide(factors);
        var inverses = graph.Floats([.. factors.Select(factor => 1f / factor)], dense.Rows);
        var quantized = QuantizedWeights.From(dense, sumLimit, seen);
        return QuantizedMultiply.PerToken(graph, TokenQuantizer.Write(graph, tokens, inverses, RowQuantizer.Symmetric), quantized, dense.Bias);
    }
}
