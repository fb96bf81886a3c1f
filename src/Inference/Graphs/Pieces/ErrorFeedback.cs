using System.Numerics;
using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Rounds the weights of a product so that its outputs suffer least, not the weights: what rounding one weight does to an
/// output is taken back by the weights that are rounded after it, as far as their inputs vary together (GPTQ, in the form of
/// Babai's nearest plane). Inputs of different blocks are taken to be independent.
/// </summary>
internal static class ErrorFeedback
{
    // Of the mean variance: keeps what was seen on a few thousand tokens by chance from being relied on. 0.01, as GPTQ has it for
    // a hundred times the tokens, gave vectors that were further from the exact ones; 0.1 gave the same.
    private const float Damping = 0.03f;

    // Columns that are rounded together: their errors stay in registers.
    private static readonly int TileColumns = 4 * Vector<float>.Count;

    /// <param name="dense">The weights.</param>
    /// <param name="scales">[columns]: what a step of a byte stands for.</param>
    /// <param name="sumLimit">What weights of one sign may sum up to: see <see cref="WeightSums"/>.</param>
    /// <param name="inputs">What the product's inputs are.</param>
    /// <returns>[rows, columns], and [columns]: what the mean of each output loses by it.</returns>
    public static (sbyte[] Values, float[] LostMeans) Round(DenseWeights dense, float[] scales, int sumLimit, InputStatistics inputs)
    {
        var values = new sbyte[dense.Weights.Length];
        var blocks = dense.Rows / inputs.Block;
        var tiles = (dense.Columns + TileColumns - 1) / TileColumns;
        var dependences = new float[blocks][];
        var lost = new float[blocks * tiles * TileColumns];
        // Where a bias takes back what the means do, the rest is what counts.
        Parallel.For(0, blocks, block => dependences[block] = Dependences(inputs.MatrixOf(block, withMeans: dense.Bias.Length == 0), inputs.Block));
        Parallel.For(0, blocks * tiles, part =>
        {
            var (block, tile) = Math.DivRem(part, tiles);
            RoundTile(
                dense, scales, sumLimit, values, dependences[block], inputs.Means.AsSpan(block * inputs.Block, inputs.Block),
                lost.AsSpan(part * TileColumns, TileColumns), firstRow: block * inputs.Block, firstColumn: tile * TileColumns);
        });
        var lostMeans = new float[dense.Columns];
        for (var block = 0; block < blocks; block++)
            TensorPrimitives.Add(lostMeans, lost.AsSpan(block * tiles * TileColumns, dense.Columns), lostMeans);
        return (values, lostMeans);
    }

    /// <summary>
    /// How much of each component's variation is in which of those behind it: the rows of the upper triangular root of the
    /// matrix, each divided by its first number.
    /// </summary>
    private static float[] Dependences(float[] matrix, int size)
    {
        var damping = Damping * Enumerable.Range(0, size).Average(i => matrix[(i * size) + i]) + float.Epsilon;
        for (var i = 0; i < size; i++)
            matrix[(i * size) + i] += damping;
        for (var k = 0; k < size; k++)
        {
            var row = matrix.AsSpan((k * size) + k, size - k);
            // Rounding may leave less than was added.
            var pivot = MathF.Max(row[0], damping);
            TensorPrimitives.Divide(row, pivot, row);
            for (var i = 1; i < row.Length; i++)
            {
                var below = matrix.AsSpan(((k + i) * size) + k + i, size - k - i);
                TensorPrimitives.MultiplyAdd(row[i..], -row[i] * pivot, below, below);
            }
        }

        return matrix;
    }

    private static void RoundTile(
        DenseWeights dense, float[] scales, int sumLimit, sbyte[] values, float[] dependences, ReadOnlySpan<float> means, Span<float> lost, int firstRow, int firstColumn)
    {
        var size = means.Length;
        var columns = Math.Min(TileColumns, dense.Columns - firstColumn);
        var errors = new float[size * TileColumns];
        // Columns that the last tile lacks are zeros.
        Span<float> owed = stackalloc float[TileColumns];
        Span<float> weights = stackalloc float[TileColumns];
        Span<float> steps = stackalloc float[TileColumns];
        Span<float> rounded = stackalloc float[TileColumns];
        // What a sum may still take, upwards and downwards.
        Span<float> up = stackalloc float[WeightSums.Groups * TileColumns];
        Span<float> down = stackalloc float[WeightSums.Groups * TileColumns];
        weights.Clear();
        steps.Fill(1f);
        scales.AsSpan(firstColumn, columns).CopyTo(steps);
        for (var k = size - 1; k >= 0; k--)
        {
            Sum(dependences.AsSpan((k * size) + k + 1, size - k - 1), errors.AsSpan((k + 1) * TileColumns), owed);
            var row = firstRow + k;
            if (k == size - 1 || row % WeightSums.Window == WeightSums.Window - 1)
            {
                // Of a window that another block has a part of, only a share: it knows nothing of that part.
                var rows = Math.Min(row % WeightSums.Window, k) + 1;
                up.Fill(sumLimit * rows / WeightSums.Window);
                down.Fill(sumLimit * rows / WeightSums.Window);
            }

            var place = (row * dense.Columns) + firstColumn;
            dense.Weights.AsSpan(place, columns).CopyTo(weights);
            var group = WeightSums.GroupOf(row) * TileColumns;
            Round(
                weights, owed, steps, up.Slice(group, TileColumns), down.Slice(group, TileColumns), rounded, errors.AsSpan(k * TileColumns, TileColumns));
            for (var column = 0; column < columns; column++)
                values[place + column] = (sbyte)rounded[column];
        }

        Sum(means, errors, lost);
    }

    /// <summary>One row of a tile.</summary>
    private static void Round(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> owed, ReadOnlySpan<float> steps, Span<float> up, Span<float> down, Span<float> rounded, Span<float> errors)
    {
        var largest = new Vector<float>(WeightSums.LargestWeight);
        for (var first = 0; first < TileColumns; first += Vector<float>.Count)
        {
            var (weight, step) = (new Vector<float>(weights[first..]), new Vector<float>(steps[first..]));
            var (most, least) = (new Vector<float>(up[first..]), new Vector<float>(down[first..]));
            var value = Vector.Clamp(
                Vector.Round((weight + new Vector<float>(owed[first..])) / step), -Vector.Min(least, largest), Vector.Min(most, largest));
            (most - Vector.Max(value, Vector<float>.Zero)).CopyTo(up[first..]);
            (least + Vector.Min(value, Vector<float>.Zero)).CopyTo(down[first..]);
            value.CopyTo(rounded[first..]);
            (weight - (value * step)).CopyTo(errors[first..]);
        }
    }

    /// <summary>Rows of errors, each by a share of its own: of the components behind one, by how much that one depends on them.</summary>
    private static void Sum(ReadOnlySpan<float> shares, ReadOnlySpan<float> errors, Span<float> sums)
    {
        var width = Vector<float>.Count;
        Vector<float> a = default, b = default, c = default, d = default;
        for (var j = 0; j < shares.Length; j++)
        {
            var share = new Vector<float>(shares[j]);
            var row = errors.Slice(j * TileColumns, TileColumns);
            a = Vector.FusedMultiplyAdd(share, new Vector<float>(row), a);
            b = Vector.FusedMultiplyAdd(share, new Vector<float>(row[width..]), b);
            c = Vector.FusedMultiplyAdd(share, new Vector<float>(row[(2 * width)..]), c);
            d = Vector.FusedMultiplyAdd(share, new Vector<float>(row[(3 * width)..]), d);
        }

        a.CopyTo(sums);
        b.CopyTo(sums[width..]);
        c.CopyTo(sums[(2 * width)..]);
        d.CopyTo(sums[(3 * width)..]);
    }
}
