using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Quality;

/// <summary>How far two sets of vectors of the same texts agree. Measures of texts to each other need at least two.</summary>
/// <param name="Texts">How many texts were compared.</param>
/// <param name="MeanCosine">Mean over the texts of the cosine between its two vectors.</param>
/// <param name="MinCosine">The least of these.</param>
/// <param name="MeanCentredCosine">
/// The mean after each set's mean vector is subtracted: what all texts have in common hides what tells them apart.
/// </param>
/// <param name="SimilaritySpearman">Rank correlation of the cosines of all pairs of texts, one set against the other.</param>
/// <param name="NearestNeighbourAgreement">Share of texts whose most similar other text is the same in both sets.</param>
public sealed record PrecisionComparison(
    int Texts, double MeanCosine, double MinCosine, double MeanCentredCosine, double SimilaritySpearman, double NearestNeighbourAgreement)
{
    /// <summary>Compares vector by vector.</summary>
    /// <param name="reference">One vector for each text.</param>
    /// <param name="other">The same texts in the same order.</param>
    /// <exception cref="ArgumentException">The sets are empty or of different sizes.</exception>
    public static PrecisionComparison Compare(IReadOnlyList<float[]> reference, IReadOnlyList<float[]> other)
    {
        if (reference.Count == 0 || reference.Count != other.Count)
            throw new ArgumentException($"{reference.Count} vectors cannot be compared with {other.Count}.", nameof(other));

        var cosines = reference.Zip(other, Cosine).ToArray();
        var (first, second) = (Similarities(reference), Similarities(other));
        return new PrecisionComparison(
            reference.Count,
            cosines.Average(),
            cosines.Min(),
            Centre(reference).Zip(Centre(other), Cosine).Average(),
            RankCorrelation.Spearman(Pairs(first), Pairs(second)),
            Enumerable.Range(0, reference.Count).Average(text => Nearest(first, text) == Nearest(second, text) ? 1d : 0d));
    }

    private static double Cosine(float[] a, float[] b)
    {
        var lengths = Math.Sqrt((double)TensorPrimitives.SumOfSquares<float>(a) * TensorPrimitives.SumOfSquares<float>(b));
        // Two vectors of zeros are the same; a vector of zeros and another one have nothing in common.
        return lengths > 0 ? TensorPrimitives.Dot<float>(a, b) / lengths : a.AsSpan().SequenceEqual(b) ? 1 : 0;
    }

    private static float[][] Centre(IReadOnlyList<float[]> vectors)
    {
        var mean = new float[vectors[0].Length];
        foreach (var vector in vectors)
            TensorPrimitives.Add(mean, vector, mean);
        TensorPrimitives.Divide(mean, vectors.Count, mean);
        return [.. vectors.Select(vector =>
        {
            var centred = new float[vector.Length];
            TensorPrimitives.Subtract(vector, mean, centred);
            return centred;
        })];
    }

    private static double[][] Similarities(IReadOnlyList<float[]> vectors) =>
        [.. vectors.Select(a => vectors.Select(b => Cosine(a, b)).ToArray())];

    private static double[] Pairs(double[][] similarities) =>
        [.. similarities.SelectMany((row, i) => row.Take(i))];

    private static int Nearest(double[][] similarities, int text)
    {
        var nearest = -1;
        for (var other = 0; other < similarities.Length; other++)
        {
            if (other != text && (nearest < 0 || similarities[text][other] > similarities[text][nearest]))
                nearest = other;
        }

        return nearest;
    }
}
