using System.Numerics.Tensors;
using ActorEmbed.Inference.Graphs.Onnx;
using ActorEmbed.Inference.Graphs.Pieces;

namespace ActorEmbed.Inference.Graphs.PostNorm;

/// <summary>
/// Dense products of unsigned bytes with signed bytes. With measured ranges the normalised tokens are quantised with
/// one scale for all texts; without, each token with its own. The attention context and the activation are quantised
/// token by token in both: no scale ever depends on another text.
/// </summary>
/// <param name="architecture">The encoder's shape.</param>
/// <param name="weights">The encoder's weights.</param>
/// <param name="ranges">What the calibration saw, or null where there was none.</param>
/// <param name="weightLimit">Largest magnitude of a weight: see <see cref="CpuFeatures.WeightLimit"/>.</param>
internal sealed class QuantizedProducts(
    EncoderArchitecture architecture, PostNormWeights weights, ActivationRanges? ranges, int weightLimit) : DenseProducts
{
    private readonly TokenQuantizer _quantizer = new();
    private float[]? _contextFactors;

    public override float[] ShiftBeforeAttention(int layer) => weights.AttentionOutputBias(layer);

    public override float[] ShiftBeforeFeedForward(int layer) => weights.FeedForwardDownBias(layer);

    public override string QueryKeyValue(OnnxGraph graph, string tokens, int layer)
    {
        var dense = weights.QueryKeyValue(layer);
        if (ranges is not null)
        {
            // The context is a weighted mean of the values, so that its smoothing can be done to the values' weights.
            _contextFactors = Smoothing.Factors(ranges.Max(ObservedProducts.Context, layer), weights.AttentionOutput(layer));
            for (var i = 0; i < _contextFactors.Length; i++)
                dense.ScaleColumn(2 * architecture.Hidden + i, 1f / _contextFactors[i]);
        }

        var norm = layer == 0 ? weights.EmbeddingNorm() : weights.FeedForwardNorm(layer - 1);
        return FromNormalized(
            graph, tokens, dense, norm, ShiftBeforeAttention(layer),
            ranges?.Min(ObservedProducts.AttentionInput, layer), ranges?.Max(ObservedProducts.AttentionInput, layer));
    }

    public override string AttentionOutput(OnnxGraph graph, string context, int layer)
    {
        graph.CountProduct(isCalibrated: ranges is not null);
        var dense = weights.AttentionOutput(layer);
        for (var i = 0; i < _contextFactors?.Length; i++)
            dense.ScaleRow(i, _contextFactors[i]);
        return QuantizedMultiply.PerToken(graph, _quantizer.Symmetric(graph, context), QuantizedWeights.From(dense, weightLimit));
    }

    public override string FeedForwardUp(OnnxGraph graph, string tokens, int layer) => FromNormalized(
        graph, tokens, weights.FeedForwardUp(layer), weights.AttentionNorm(layer), ShiftBeforeFeedForward(layer),
        ranges?.Min(ObservedProducts.FeedForwardInput, layer), ranges?.Max(ObservedProducts.FeedForwardInput, layer));

    public override string FeedForwardDown(OnnxGraph graph, string activated, int layer)
    {
        graph.CountProduct(isCalibrated: false);
        return QuantizedMultiply.PerToken(
            graph, _quantizer.AfterGelu(graph, activated), QuantizedWeights.From(weights.FeedForwardDown(layer), weightLimit));
    }

    /// <param name="graph">The graph to add to.</param>
    /// <param name="tokens">[T, hidden], already shifted.</param>
    /// <param name="dense">The product; changed here.</param>
    /// <param name="norm">The normalisation that gave the tokens, before the shift.</param>
    /// <param name="shift">[hidden] what was added to the tokens and has to be taken back.</param>
    /// <param name="min">[hidden] of the tokens before the shift, if measured.</param>
    /// <param name="max">[hidden] of the same.</param>
    private string FromNormalized(
        OnnxGraph graph, string tokens, DenseWeights dense, NormWeights norm, float[] shift, float[]? min, float[]? max)
    {
        graph.CountProduct(isCalibrated: min is not null);
        var magnitudes = min is null || max is null ? LikelyMagnitudes(norm, shift) : SeenMagnitudes(min, max, shift);
        var factors = Smoothing.Factors(magnitudes, dense);
        for (var row = 0; row < dense.Rows; row++)
        {
            dense.ScaleRow(row, factors[row]);
            magnitudes[row] /= factors[row];
            shift[row] /= factors[row];
        }

        var quantized = QuantizedWeights.From(dense, weightLimit);
        var bias = dense.Bias;
        TensorPrimitives.Subtract(bias, quantized.MultiplyLeft(shift), bias);
        var smoothed = graph.Node("Mul", tokens, graph.Floats([.. factors.Select(factor => 1f / factor)], dense.Rows));
        if (min is null)
        {
            var product = QuantizedMultiply.PerToken(graph, _quantizer.Symmetric(graph, smoothed), quantized);
            return graph.Node("Add", product, graph.Floats(bias, dense.Columns));
        }

        var (bytes, scale) = TokenQuantizer.Static(graph, smoothed, magnitudes.Max());
        return QuantizedMultiply.Write(graph, bytes, scale, TokenQuantizer.SymmetricZero, quantized, graph.Floats(bias, dense.Columns));
    }

    private static float[] SeenMagnitudes(float[] min, float[] max, float[] shift)
    {
        var magnitudes = new float[shift.Length];
        for (var i = 0; i < magnitudes.Length; i++)
            magnitudes[i] = MathF.Max(MathF.Abs(min[i] + shift[i]), MathF.Abs(max[i] + shift[i]));
        return magnitudes;
    }

    /// <summary>A normalised component has variance 1 before its factor: three deviations cover nearly all of it.</summary>
    private static float[] LikelyMagnitudes(NormWeights norm, float[] shift)
    {
        const float deviations = 3f;
        var magnitudes = new float[shift.Length];
        for (var i = 0; i < magnitudes.Length; i++)
            magnitudes[i] = deviations * MathF.Abs(norm.Gamma[i]) + MathF.Abs(norm.Beta[i] + shift[i]);
        return magnitudes;
    }
}
