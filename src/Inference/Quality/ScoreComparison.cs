namespace ActorEmbed.Inference.Quality;

/// <summary>How far two sets of scores of the same pairs agree.</summary>
/// <param name="Pairs">How many pairs were compared.</param>
/// <param name="MeanDifference">Mean of the differences, whichever score is greater.</param>
/// <param name="MaxDifference">The greatest of them.</param>
/// <param name="Spearman">Rank correlation of all pairs: 1 where both put them in the same order.</param>
/// <param name="BestTextAgreement">Share of the queries whose best text is the same in both sets.</param>
public sealed record ScoreComparison(int Pairs, double MeanDifference, double MaxDifference, double Spearman, double BestTextAgreement)
{
    /// <summary>Compares score by score.</summary>
    /// <param name="queries">The query of each pair.</param>
    /// <param name="reference">One score for each pair.</param>
    /// <param name="other">The same pairs in the same order.</param>
    /// <exception cref="ArgumentException">The sets are empty or of different sizes.</exception>
    public static ScoreComparison Compare(IReadOnlyList<string> queries, IReadOnlyList<float> reference, IReadOnlyList<float> other)
    {
        if (reference.Count == 0 || reference.Count != other.Count || reference.Count != queries.Count)
            throw new ArgumentException($"{reference.Count} scores cannot be compared with {other.Count} for {queries.Count} queries.", nameof(other));
        var differences = reference.Zip(other, (a, b) => (double)MathF.Abs(a - b)).ToArray();
        return new ScoreComparison(
            reference.Count,
            differences.Average(),
            differences.Max(),
            RankCorrelation.Spearman([.. reference.Select(score => (double)score)], [.. other.Select(score => (double)score)]),
            Enumerable.Range(0, queries.Count).GroupBy(pair => queries[pair], StringComparer.Ordinal)
                .Average(pairs => pairs.MaxBy(pair => reference[pair]) == pairs.MaxBy(pair => other[pair]) ? 1d : 0d));
    }
}
