using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.Products;

/// <summary>
/// Dense products of unsigned bytes with signed bytes; every token has a scale of its own, so that none depends on another
/// text. Where the inputs were observed, the greatest of their components give some of their range to the weights first.
/// </summary>
/// <param name="ranges">What <see cref="ObservedTokenProducts"/> saw, or null where nothing was observed.</param>
/// <param name="weightLimit">Largest magnitude of a weight: see <see cref="CpuFeatures.WeightLimit"/>.</param>
internal sealed class QuantizedTokenProducts(ActivationRanges? ranges, int weightLimit) : TokenProducts
{
    private readonly TokenQuantizer _quantizer = new();

    public override string Multiply(OnnxGraph graph, string tokens, DenseWeights dense, string what, int layer)
    {
        graph.CountProduct(isCalibrated: ranges is not null);
        if (ranges is not null)
            tokens = Smooth(graph, tokens, dense, ranges.Max(what, layer));
        var product = QuantizedMultiply.PerToken(
            graph, _quantizer.Symmetric(graph, tokens), QuantizedWeights.From(dense, weightLimit));
        return dense.Bias.Length == 0 ? product : graph.Node("Add", product, graph.Floats(dense.Bias, dense.Columns));
    }

    private static string Smooth(OnnxGraph graph, string tokens, DenseWeights dense, float[] magnitudes)
    {
        var factors = Smoothing.Factors(magnitudes, dense);
        for (var row = 0; row < dense.Rows; row++)
            dense.ScaleRow(row, factors[row]);
        return graph.Node("Mul", tokens, graph.Floats([.. factors.Select(factor => 1f / factor)], dense.Rows));
    }
}
