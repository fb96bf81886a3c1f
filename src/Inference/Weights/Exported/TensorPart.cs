namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>What a model knows as one tensor: a stored one as it is, transposed, or some of its columns.</summary>
/// <param name="Stored">Where the numbers are.</param>
/// <param name="IsTransposed">Whether rows and columns are to be exchanged.</param>
/// <param name="First">First row of what is meant, after the exchange.</param>
/// <param name="Rows">How many of them.</param>
internal sealed record TensorPart(WeightTensor Stored, bool IsTransposed, int First, int Rows)
{
    /// <summary>Sizes as the model knows them.</summary>
    public long[] Shape => Stored.Shape.Length == 2 ? [Rows, Stored.Shape[IsTransposed ? 0 : 1]] : [Rows];

    public static TensorPart Whole(WeightTensor stored, bool isTransposed = false) => new(
        stored, isTransposed, First: 0, (int)(stored.Shape.Length == 0 ? 1 : stored.Shape[isTransposed ? ^1 : 0]));

    public TensorPart Transposed() => Whole(Stored, !IsTransposed);

    /// <summary>One of several equal parts, by rows.</summary>
    public TensorPart Share(int index, int of) => this with { First = First + (index * Rows / of), Rows = Rows / of };

    /// <summary>A vector that is stored with dimensions of size 1 around it, as the first row of a table.</summary>
    public TensorPart AsRow() => Whole(Stored with { Shape = [1, Stored.Elements] });

    /// <param name="stored">All numbers that are stored.</param>
    public float[] Pick(float[] stored)
    {
        var width = stored.Length / Math.Max(1, (int)Stored.Shape[IsTransposed ? ^1 : 0]);
        if (!IsTransposed)
            return First == 0 && stored.Length == Rows * width ? stored : stored[(First * width)..((First + Rows) * width)];

        var columns = (int)Stored.Shape[1];
        var picked = new float[Rows * width];
        Parallel.For(0, Rows, row =>
        {
            for (var column = 0; column < width; column++)
                picked[(row * width) + column] = stored[(column * columns) + First + row];
        });
        return picked;
    }
}
