using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Token vectors to the vector of a text.</summary>
internal static class Pooling
{
    /// <param name="modes">How to pool; several ways stand side by side.</param>
    /// <param name="tokens">[tokens, dimensions] of one text, without its padding; at least one token.</param>
    /// <param name="dimensions">Length of a token's vector.</param>
    /// <param name="unpooled">How many of the first tokens do not count; where none is left, the vector is zero.</param>
    public static float[] Pool(IReadOnlyList<PoolingMode> modes, ReadOnlySpan<float> tokens, int dimensions, int unpooled = 0)
    {
        var vector = new float[modes.Count * dimensions];
        for (var i = 0; i < modes.Count; i++)
            Pool(modes[i], tokens, dimensions, unpooled).CopyTo(vector, i * dimensions);
        return vector;
    }

    /// <param name="mode">How to pool.</param>
    /// <param name="tokens">[tokens, dimensions] of one text, without its padding; at least one token.</param>
    /// <param name="dimensions">Length of a vector.</param>
    /// <param name="unpooled">How many of the first tokens do not count; where none is left, the vector is zero.</param>
    public static float[] Pool(PoolingMode mode, ReadOnlySpan<float> tokens, int dimensions, int unpooled = 0)
    {
        if (unpooled * dimensions >= tokens.Length)
            return new float[dimensions];
        if (mode is PoolingMode.WeightedMean or PoolingMode.MeanSqrtLen)
            return WeightedSum(mode, tokens, dimensions, unpooled);
        tokens = tokens[(unpooled * dimensions)..];
        switch (mode)
        {
            case PoolingMode.Cls:
                return tokens[..dimensions].ToArray();
            case PoolingMode.LastToken:
                return tokens[^dimensions..].ToArray();
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
    /// <param name="unpooled">How many of the first tokens do not count.</param>
    public static float WeightOf(PoolingMode mode, int token, int length, int unpooled = 0)
    {
        if (token < unpooled || token >= length)
            return 0;
        return mode switch
        {
            PoolingMode.Cls => token == unpooled ? 1 : 0,
            PoolingMode.LastToken => token == length - 1 ? 1 : 0,
            // Weights 1 to n, counted from the first token whether it counts or not, divided by the sum of those that do.
            PoolingMode.WeightedMean => (float)(2.0 * (token + 1) / (((double)length * (length + 1)) - ((double)unpooled * (unpooled + 1)))),
            PoolingMode.MeanSqrtLen => (float)(1 / Math.Sqrt(length - unpooled)),
            PoolingMode.Mean => 1f / (length - unpooled),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "No sum over the tokens."),
        };
    }

    private static float[] WeightedSum(PoolingMode mode, ReadOnlySpan<float> tokens, int dimensions, int unpooled)
    {
        var vector = new float[dimensions];
        var length = tokens.Length / dimensions;
        for (var token = unpooled; token < length; token++)
            TensorPrimitives.MultiplyAdd(tokens.Slice(token * dimensions, dimensions), WeightOf(mode, token, length, unpooled), vector, vector);
        return vector;
    }
}
