using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>
/// The first components of vectors. That is of use with models trained for it (Matryoshka); with others it costs accuracy.
/// </summary>
internal static class ShortVectors
{
    /// <summary>Vectors with as many components as the request wants, of length 1 again if they were to be.</summary>
    public static IReadOnlyList<float[]> Cut(IReadOnlyList<float[]> vectors, EmbedRequest request)
    {
        if (request.Dimensions is not { } dimensions)
            return vectors;
        return [.. vectors.Select(vector => vector.Length == dimensions
            ? vector
            : request.Normalize ? VectorNorm.Normalize(vector.AsSpan(0, dimensions)) : vector[..dimensions])];
    }
}
