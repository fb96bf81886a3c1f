using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Moves range from the inputs of a product to its weights: input component j is divided by a factor, row j of the
/// weights multiplied by it, so that a few large components do not cost all others their precision (SmoothQuant).
/// </summary>
internal static class Smoothing
{
    // Keeps a component that was never seen, or a row of zeros, from a factor of zero or infinity.
    private const float Least = 1e-5f;

    /// <returns>sqrt(max|x_j|) / sqrt(max|W_j|), scaled to a geometric mean of 1.</returns>
    /// <param name="inputMax">[rows] greatest magnitude of each input component.</param>
    /// <param name="dense">The product's weights.</param>
    public static float[] Factors(ReadOnlySpan<float> inputMax, DenseWeights dense)
    {
        var factors = new float[dense.Rows];
        var logarithms = 0d;
        for (var row = 0; row < factors.Length; row++)
        {
            var weightMax = MathF.Max(Least, MathF.Abs(TensorPrimitives.MaxMagnitude(dense.Weights.AsSpan(row * dense.Columns, dense.Columns))));
            factors[row] = MathF.Sqrt(MathF.Max(inputMax[row], Least) / weightMax);
            logarithms += Math.Log(factors[row]);
        }

        var mean = (float)Math.Exp(logarithms / factors.Length);
        foreach (ref var factor in factors.AsSpan())
            factor /= mean;
        return factors;
    }
}
