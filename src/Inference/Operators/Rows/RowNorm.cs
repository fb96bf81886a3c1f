using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>One row of a residual, and its normalisation.</summary>
/// <param name="bias">[width] of the product; null for none.</param>
/// <param name="gamma">[width], the norm's factors.</param>
/// <param name="beta">[width], the norm's shift; null for none.</param>
/// <param name="width">Of the row.</param>
/// <param name="isCentred">Whether the mean is taken off.</param>
/// <param name="epsilon">Added to the mean square.</param>
internal readonly unsafe struct RowNorm(float* bias, float* gamma, float* beta, int width, bool isCentred, float epsilon)
{
    /// <summary>Numbers of the row.</summary>
    public int Width => width;

    /// <summary>The product, its scale and bias, and the residual, summed.</summary>
    /// <returns>The sum of the results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Add(float* product, float scale, float* residual, float* result)
    {
        var (scales, total) = (new Vector<float>(scale), Vector<float>.Zero);
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lanes = Vector.FusedMultiplyAdd(Vector.Load(product + i), scales, Vector.Load(residual + i));
            if (bias is not null)
                lanes += Vector.Load(bias + i);
            total += lanes;
            lanes.Store(result + i);
        }

        var rest = 0f;
        for (; i < width; i++)
        {
            var value = MathF.FusedMultiplyAdd(product[i], scale, residual[i]) + (bias is null ? 0 : bias[i]);
            rest += value;
            result[i] = value;
        }

        return Vector.Sum(total) + rest;
    }

    /// <param name="row">What is normalised.</param>
    /// <param name="sum">Of the row.</param>
    /// <param name="result">[width], written; may be the row itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Normalize(float* row, float sum, float* result)
    {
        var mean = isCentred ? sum / width : 0;
        var factor = 1f / MathF.Sqrt((Squares(row, mean) / width) + epsilon);
        var (means, factors) = (new Vector<float>(mean), new Vector<float>(factor));
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lanes = (Vector.Load(row + i) - means) * factors * Vector.Load(gamma + i);
            if (beta is not null)
                lanes += Vector.Load(beta + i);
            lanes.Store(result + i);
        }

        for (; i < width; i++)
            result[i] = ((row[i] - mean) * factor * gamma[i]) + (beta is null ? 0 : beta[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Squares(float* row, float mean)
    {
        var (means, total, rest) = (new Vector<float>(mean), Vector<float>.Zero, 0f);
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lanes = Vector.Load(row + i) - means;
            total = Vector.FusedMultiplyAdd(lanes, lanes, total);
        }

        for (; i < width; i++)
            rest += (row[i] - mean) * (row[i] - mean);
        return Vector.Sum(total) + rest;
    }
}
