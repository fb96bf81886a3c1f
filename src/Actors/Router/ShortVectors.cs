using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// The first components of vectors. That is of use with models trained for it (Matryoshka); with others it costs accuracy.
/// </summary>
internal static class ShortVectors
{
    /// <summary>Vectors with as many components as the request wants, of length 1 again if they were to be.</summary>
    public static float[][] Cut(float[][] vectors, EmbedTexts request) => request.Dimensions is { } dimensions
        ? Array.ConvertAll(vectors, vector => Cut(vector, dimensions, request.Normalize))
        : vectors;

    private static float[] Cut(float[] vector, int dimensions, bool normalize)
    {
        if (vector.Length <= dimensions)
            return vector;
        return normalize ? VectorNorm.Normalize(vector.AsSpan(0, dimensions)) : vector[..dimensions];
    }
}
