using System.Numerics.Tensors;
using ActorEmbed.Inference.Quality;

namespace ActorEmbed.Bench.Real;

/// <summary>How well the vectors of one variant agree with those of another on the same texts.</summary>
/// <param name="MeanCosine">Mean over the texts.</param>
/// <param name="LeastCosine">The least of the texts.</param>
/// <param name="MedianCentred">Median of the cosines after each set's mean vector is subtracted: what all texts have in common hides what tells them apart.</param>
/// <param name="LeastCentred">The least of these.</param>
/// <param name="Nearest">Share of texts whose nearest neighbour is the same.</param>
/// <param name="TenNearest">Share of the ten nearest neighbours that are the same.</param>
/// <param name="Spearman">Rank correlation of the cosines of all pairs.</param>
internal sealed record Agreement(
    double MeanCosine, double LeastCosine, double MedianCentred, double LeastCentred, double Nearest, double TenNearest, double Spearman)
{
    private const int Neighbours = 10;

    public static Agreement Of(float[][] reference, float[][] other)
    {
        var comparison = PrecisionComparison.Compare(reference, other);
        var centred = Centre(reference).Zip(Centre(other), (a, b) => (double)TensorPrimitives.CosineSimilarity<float>(a, b)).Order().ToArray();
        var (first, second) = (Rankings(reference), Rankings(other));
        return new Agreement(
            comparison.MeanCosine, comparison.MinCosine, centred[centred.Length / 2], centred[0], comparison.NearestNeighbourAgreement,
            first.Zip(second, (a, b) => (double)a.Intersect(b).Count() / Neighbours).Average(), comparison.SimilaritySpearman);
    }

    private static float[][] Centre(float[][] vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
            TensorPrimitives.Add(mean, vector, mean);
        TensorPrimitives.Divide(mean, vectors.Length, mean);
        return Array.ConvertAll(vectors, vector =>
        {
            var centred = new float[vector.Length];
            TensorPrimitives.Subtract(vector, mean, centred);
            return centred;
        });
    }

    private static int[][] Rankings(float[][] vectors) =>
    [
        .. vectors.Select((vector, text) => Enumerable.Range(0, vectors.Length).Where(other => other != text)
            .OrderByDescending(other => TensorPrimitives.CosineSimilarity<float>(vector, vectors[other])).Take(Neighbours).ToArray()),
    ];
}
