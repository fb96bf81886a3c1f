using System.Numerics.Tensors;
using ActorEmbed.Inference.Models;

namespace ActorEmbed.Inference.Encoders;

/// <summary>Token vectors to the vector of a text.</summary>
internal static class Pooling
{
    /// <param name="mode">How to pool.</param>
    /// <param name="tokens">[tokens, dimensions] of one text, without its padding; at least one token.</param>
    /// <param name="dimensions">Length of a vector.</param>
    public static float[] Pool(PoolingMode mode, ReadOnlySpan<float> tokens, int dimensions)
    {
        var vector = tokens[..dimensions].ToArray();
        if (mode == PoolingMode.Cls)
            return vector;

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
}
