using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Token vectors to the vector of a text.</summary>
internal static class Pooling
{
    /// <param name="modes">How to pool; several ways stand side by side.</param>
    /// <param name="tokens">[tokens, dimensions] of one text, without its padding; at least one token.</param>
    /// <param name="dimensions">Length of a token's vector.</param>
    public static float[] Pool(IReadOnlyList<PoolingMode> modes, ReadOnlySpan<float> tokens, int dimensions)
    {
        var vector = new float[modes.Count * dimensions];
        for (var i = 0; i < modes.Count; i++)
            Pool(modes[i], tokens, dimensions).CopyTo(vector, i * dimensions);
        return vector;
    }

    /// <param name="mode">How to pool.</param>
    /// <param name="tokens">[tokens, dimensions] of one text, without its padding; at least one token.</param>
    /// <param name="dimensions">Length of a vector.</param>
    public static float[] Pool(PoolingMode mode, ReadOnlySpan<float> tokens, int dimensions)
    {
        switch (mode)
        {
            case PoolingMode.Cls:
                return tokens[..dimensions].ToArray();
            case PoolingMode.LastToken:
                return tokens[^dimensions..].ToArray();
            case PoolingMode.WeightedMean or PoolingMode.MeanSqrtLen:
                return WeightedSum(mode, tokens, dimensions);
        }

        var vector = tokens[..dimensions].ToArray();
        for (var start = dimensions; start < tokens.Length; start += dimensions)
        {
            var token = tokens.Slice(start, dimensions);
            if (mode == PoolingMode.Mean)
                TensorPrimitives.Add(vector, token, vector);
            else
                TensorPrimitives.Max(vector, token, vector);
        }

        if (mode == PoolingMode.Mean)
            TensorPrimitives.Divide(vector, tokens.Length / dimensions, vector);
        return vector;
    }

    /// <summary>The factor of a token where a text's vector is a sum over its tokens.</summary>
    /// <param name="mode">Any mode but <see cref="PoolingMode.Max"/>.</param>
    /// <param name="token">Place of the token, from 0.</param>
    /// <param name="length">Tokens of the text.</param>
    public static float WeightOf(PoolingMode mode, int token, int length) => mode switch
    {
        PoolingMode.Cls => token == 0 ? 1 : 0,
        PoolingMode.LastToken => token == length - 1 ? 1 : 0,
        // Weights 1 to n, divided by their sum.
        PoolingMode.WeightedMean => (float)(2.0 * (token + 1) / ((double)length * (length + 1))),
        PoolingMode.MeanSqrtLen => (float)(1 / Math.Sqrt(length)),
        PoolingMode.Mean => 1f / length,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "No sum over the tokens."),
    };

    private static float[] WeightedSum(PoolingMode mode, ReadOnlySpan<float> tokens, int dimensions)
    {
        var vector = new float[dimensions];
        var length = tokens.Length / dimensions;
        for (var token = 0; token < length; token++)
            TensorPrimitives.MultiplyAdd(tokens.Slice(token * dimensions, dimensions), WeightOf(mode, token, length), vector, vector);
        return vector;
    }
}
