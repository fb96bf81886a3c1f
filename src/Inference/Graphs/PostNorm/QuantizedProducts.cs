using System.Numerics.Tensors;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>
/// Dense products of unsigned bytes with signed bytes; every token has a scale of its own, so that none depends on another
/// text. The greatest components of the inputs give some of their range to the weights first.
/// </summary>
/// <param name="architecture">The encoder's shape.</param>
/// <param name="weights">The encoder's weights.</param>
/// <param name="inputs">What <see cref="ObservedProducts"/> saw.</param>
/// <param name="sumLimit">What weights of one sign may sum up to: see <see cref="WeightSums"/>.</param>
internal sealed class QuantizedProducts(
    EncoderArchitecture architecture, PostNormWeights weights, ActivationStatistics inputs, int sumLimit) : DenseProducts
{
    private (int Layer, float[] ContextFactors, DenseWeights Dense, QuantizedWeights Quantized)? _attentionOutput;
    private (int Layer, DenseWeights Dense, QuantizedWeights Quantized)? _feedForwardDown;

    public override float[] ShiftBeforeAttention(int layer) => AttentionOutputOf(layer).Dense.Bias;

    public override float[] ShiftBeforeFeedForward(int layer) => FeedForwardDownOf(layer).Dense.Bias;

    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        var dense = weights.QueryKeyValue(layer);
        // The context is a weighted mean of the values, so that its smoothing can be done to the values' weights.
        var contextFactors = AttentionOutputOf(layer).ContextFactors;
        for (var i = 0; i < contextFactors.Length; i++)
            dense.ScaleColumn(2 * architecture.Hidden + i, 1f / contextFactors[i]);
        return FromNormalized(graph, tokens, dense, inputs.Take(ObservedProducts.AttentionInput, layer), ShiftBeforeAttention(layer));
    }

    public override string AttentionOutput(OnnxGraph graph, string context, int layer) =>
        QuantizedMultiply.PerToken(graph, TokenQuantizer.Write(graph, context, null, RowQuantizer.Symmetric), AttentionOutputOf(layer).Quantized);

    public override string FeedForwardUp(OnnxGraph graph, string tokens, int layer) => FromNormalized(
        graph, tokens, weights.FeedForwardUp(layer), inputs.Take(ObservedProducts.FeedForwardInput, layer), ShiftBeforeFeedForward(layer));

    public override string FeedForwardDown(OnnxGraph graph, string activated, int layer) =>
        QuantizedMultiply.PerToken(graph, TokenQuantizer.Write(graph, activated, null, RowQuantizer.AfterGelu), FeedForwardDownOf(layer).Quantized);

    /// <summary>Rounded when its bias is asked for, which is before the layer is written.</summary>
    private (int Layer, float[] ContextFactors, DenseWeights Dense, QuantizedWeights Quantized) AttentionOutputOf(int layer)
    {
        if (_attentionOutput is { } known && known.Layer == layer)
            return known;
        var dense = weights.AttentionOutput(layer);
        var seen = inputs.Take(ObservedProducts.Context, layer);
        var factors = Smooth(dense, seen, seen.Magnitudes());
        var rounded = (layer, factors, dense, QuantizedWeights.From(dense, sumLimit, seen));
        _attentionOutput = rounded;
        return rounded;
    }

    private (int Layer, DenseWeights Dense, QuantizedWeights Quantized) FeedForwardDownOf(int layer)
    {
        if (_feedForwardDown is { } known && known.Layer == layer)
            return known;
        var dense = weights.FeedForwardDown(layer);
        var rounded = (layer, dense, QuantizedWeights.From(dense, sumLimit, inputs.Take(ObservedProducts.Activated, layer)));
        _feedForwardDown = rounded;
        return rounded;
    }

    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, hidden], already shifted.</param>
    /// <param name="dense">The product; changed here.</param>
    /// <param name="seen">Of the tokens before the shift; changed here.</param>
    /// <param name="shift">[hidden] what was added to the tokens and has to be taken back.</param>
    private string FromNormalized(OnnxGraph graph, string tokens, DenseWeights dense, InputStatistics seen, ReadOnlySpan<float> shift)
    {
        var factors = Smooth(dense, seen, seen.Magnitudes(shift));
        var quantized = QuantizedWeights.From(dense, sumLimit, seen);
        var smoothedShift = new float[shift.Length];
        TensorPrimitives.Divide(shift, factors, smoothedShift);
        TensorPrimitives.Subtract(dense.Bias, quantized.MultiplyLeft(smoothedShift), dense.Bias);

        var inverses = graph.Floats([.. factors.Select(factor => 1f / factor)], dense.Rows);
        return QuantizedMultiply.PerToken(graph, TokenQuantizer.Write(graph, tokens, inverses, RowQuantizer.Symmetric), quantized, dense.Bias);
    }

    /// <summary>Moves range from the inputs of a product to its weights.</summary>
    /// <returns>[rows]: what the inputs are to be divided by.</returns>
    private static float[] Smooth(DenseWeights dense, InputStatistics seen, float[] magnitudes)
    {
        var factors = Smoothing.Factors(magnitudes, dense);
        for (var row = 0; row < dense.Rows; row++)
            dense.ScaleRow(row, factors[row]);
        seen.Divide(factors);
        return factors;
    }
}
