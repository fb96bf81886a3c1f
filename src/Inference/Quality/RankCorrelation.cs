namespace ActorEmbed.Inference.Quality;

/// <summary>Correlation of ranks.</summary>
internal static class RankCorrelation
{
    /// <summary>Spearman's coefficient: 1 for the same order, -1 for the opposite one. Equal values share their mean rank.</summary>
    /// <returns>1 for fewer than two values, or where both sides are constant; 0 where only one is.</returns>
    public static double Spearman(double[] a, double[] b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"{a.Length} values cannot be ranked against {b.Length}.", nameof(b));
        if (a.Length < 2)
            return 1;

        var (x, y) = (Ranks(a), Ranks(b));
        // The mean rank is the same on both sides, ties or not.
        var mean = (a.Length + 1) / 2d;
        double covariance = 0, varianceX = 0, varianceY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            covariance += (x[i] - mean) * (y[i] - mean);
            varianceX += (x[i] - mean) * (x[i] - mean);
            varianceY += (y[i] - mean) * (y[i] - mean);
        }

        return varianceX == 0 && varianceY == 0 ? 1
            : varianceX == 0 || varianceY == 0 ? 0
            : covariance / Math.Sqrt(varianceX * varianceY);
    }

    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2d;
            start = end;
        }

        return ranks;
    }
}
