namespace ActorEmbed.Inference.Operators;

/// <summary>
/// Weights in the order in which <see cref="ByteTile"/> reads them: sixteen columns after the other, of these eight rows after
/// the other, of these the first eight columns and then the others, and of these four rows of each column and then the four others.
/// What is missing to a whole panel or step are zeros.
/// </summary>
internal static class WeightPanels
{
    private const int HalfColumns = ByteTile.Columns / 2;
    private const int HalfRows = ByteTile.Rows / 2;

    /// <summary>Panels of so many columns.</summary>
    public static int CountOf(int columns) => (columns + ByteTile.Columns - 1) / ByteTile.Columns;

    /// <summary>Bytes of a panel.</summary>
    public static int BytesOf(int rows) => (rows + ByteTile.Rows - 1) / ByteTile.Rows * ByteTile.StepBytes;

    /// <param name="weights">[rows, columns].</param>
    /// <param name="columns">Outputs of the product.</param>
    /// <returns>[panels, bytes of a panel].</returns>
    public static sbyte[] Pack(ReadOnlySpan<sbyte> weights, int columns)
    {
        var rows = weights.Length / columns;
        var panelBytes = BytesOf(rows);
        var packed = new sbyte[CountOf(columns) * panelBytes];
        for (var row = 0; row < rows; row++)
        {
            var (step, rowOfStep) = Math.DivRem(row, ByteTile.Rows);
            var (half, place) = Math.DivRem(rowOfStep, HalfRows);
            var first = (step * ByteTile.StepBytes) + (half * HalfRows * HalfColumns) + place;
            for (var column = 0; column < columns; column++)
            {
                var (panel, columnOfPanel) = Math.DivRem(column, ByteTile.Columns);
                var (side, lane) = Math.DivRem(columnOfPanel, HalfColumns);
                packed[(panel * panelBytes) + first + (side * ByteTile.StepBytes / 2) + (lane * HalfRows)] = weights[(row * columns) + column];
            }
        }

        return packed;
    }

    /// <summary>[columns], filled up to whole panels.</summary>
    public static T[] Pad<T>(ReadOnlySpan<T> values)
    {
        var padded = new T[CountOf(values.Length) * ByteTile.Columns];
        values.CopyTo(padded);
        return padded;
    }
}
