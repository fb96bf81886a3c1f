using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs;

/// <summary>What the inputs of one dense product were on some texts, by component.</summary>
internal sealed class InputStatistics
{
    // Of a block of components that are taken to depend on each other: what follows from it costs the width times its square.
    // 512 gave no better vectors, and 256 some that are worse.
    private const int MostInBlock = 384;

    private readonly float[] _least;
    private readonly float[] _greatest;

    /// <summary>Becomes the owner of all of these.</summary>
    /// <param name="least">[width].</param>
    /// <param name="greatest">[width].</param>
    /// <param name="sums">[width] over all tokens.</param>
    /// <param name="products">[blocks, block, block]: sums of the products of two components.</param>
    /// <param name="tokens">How many were seen.</param>
    public InputStatistics(float[] least, float[] greatest, float[] sums, float[] products, int tokens)
    {
        (_least, _greatest) = (least, greatest);
        Block = BlockOf(sums.Length);
        TensorPrimitives.Divide(sums, tokens, sums);
        TensorPrimitives.Divide(products, tokens, products);
        (Means, SecondMoments) = (sums, products);
    }

    /// <summary>Components of a block.</summary>
    public int Block { get; }

    /// <summary>[width].</summary>
    public float[] Means { get; }

    /// <summary>[blocks, block, block]: means of the products of two components.</summary>
    public float[] SecondMoments { get; }

    /// <summary>The largest divisor of a width that is not too large for a block.</summary>
    public static int BlockOf(int width) => Enumerable.Range(1, Math.Min(width, MostInBlock)).Last(size => width % size == 0);

    /// <summary>[width]: the greatest magnitudes.</summary>
    /// <param name="shift">[width] added to the inputs; empty for nothing.</param>
    public float[] Magnitudes(ReadOnlySpan<float> shift = default)
    {
        var magnitudes = new float[_least.Length];
        for (var i = 0; i < magnitudes.Length; i++)
        {
            var added = shift.IsEmpty ? 0 : shift[i];
            magnitudes[i] = MathF.Max(MathF.Abs(_least[i] + added), MathF.Abs(_greatest[i] + added));
        }

        return magnitudes;
    }

    /// <summary>Divides the inputs by a factor for each component.</summary>
    public void Divide(ReadOnlySpan<float> factors)
    {
        TensorPrimitives.Divide(Means, factors, Means);
        TensorPrimitives.Divide(_least, factors, _least);
        TensorPrimitives.Divide(_greatest, factors, _greatest);
        for (var i = 0; i < Means.Length; i++)
        {
            var row = SecondMoments.AsSpan(i * Block, Block);
            TensorPrimitives.Divide(row, factors.Slice(i / Block * Block, Block), row);
            TensorPrimitives.Divide(row, factors[i], row);
        }
    }

    /// <summary>[block, block] of one block: how its components vary together, or, with their means in it, how large they are together.</summary>
    public float[] MatrixOf(int block, bool withMeans)
    {
        var matrix = SecondMoments.AsSpan(block * Block * Block, Block * Block).ToArray();
        var means = Means.AsSpan(block * Block, Block);
        for (var row = 0; row < Block && !withMeans; row++)
        {
            for (var column = 0; column < Block; column++)
                matrix[(row * Block) + column] -= means[row] * means[column];
        }

        return matrix;
    }
}
