namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>The weights of a dense product as signed bytes with one scale for each output.</summary>
/// <param name="Values">[rows, columns].</param>
/// <param name="Scales">[columns].</param>
internal sealed record QuantizedWeights(sbyte[] Values, float[] Scales)
{
    /// <summary>Symmetric by column: the largest magnitude becomes <paramref name="limit"/>.</summary>
    public static QuantizedWeights From(DenseWeights dense, int limit)
    {
        var scales = new float[dense.Columns];
        for (var i = 0; i < dense.Weights.Length; i += dense.Columns)
            for (var column = 0; column < dense.Columns; column++)
                scales[column] = MathF.Max(scales[column], MathF.Abs(dense.Weights[i + column]));
        foreach (ref var scale in scales.AsSpan())
            scale = scale > 0 ? scale / limit : 1f;

        var values = new sbyte[dense.Weights.Length];
        Parallel.For(0, dense.Rows, row =>
        {
            for (var column = 0; column < dense.Columns; column++)
            {
                var i = row * dense.Columns + column;
                values[i] = (sbyte)Math.Clamp((int)MathF.Round(dense.Weights[i] / scales[column]), -limit, limit);
            }
        });
        return new QuantizedWeights(values, scales);
    }

    /// <summary>Row vector times these weights, as the graph will multiply it.</summary>
    public float[] MultiplyLeft(ReadOnlySpan<float> row)
    {
        var sums = new double[Scales.Length];
        for (var r = 0; r < row.Length; r++)
            for (var column = 0; column < sums.Length; column++)
                sums[column] += row[r] * Values[r * sums.Length + column];
        return [.. sums.Zip(Scales, (sum, scale) => (float)(sum * scale))];
    }
}
