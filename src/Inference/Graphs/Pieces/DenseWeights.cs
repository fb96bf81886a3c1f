using System.Numerics.Tensors;

namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>One dense product, y = x W + b.</summary>
/// <param name="Rows">Inputs.</param>
/// <param name="Columns">Outputs.</param>
/// <param name="Weights">[rows, columns], as ONNX multiplies: one column for each output.</param>
/// <param name="Bias">[columns]; empty where there is none.</param>
internal sealed record DenseWeights(int Rows, int Columns, float[] Weights, float[] Bias)
{
    /// <summary>The weights as [columns, rows].</summary>
    public float[] Transposed()
    {
        var transposed = new float[Weights.Length];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
                transposed[(column * Rows) + row] = Weights[(row * Columns) + column];
        }

        return transposed;
    }

    /// <summary>Multiplies one row by a factor: the other half of a division of that input.</summary>
    public void ScaleRow(int row, float factor)
    {
        var weights = Weights.AsSpan(row * Columns, Columns);
        TensorPrimitives.Multiply(weights, factor, weights);
    }

    /// <summary>Multiplies one output, its bias included.</summary>
    public void ScaleColumn(int column, float factor)
    {
        for (var i = column; i < Weights.Length; i += Columns)
            Weights[i] *= factor;
        Bias[column] *= factor;
    }

    /// <summary>Multiplies the first outputs, their biases included.</summary>
    public void ScaleFirstColumns(int count, float factor)
    {
        for (var row = 0; row < Rows; row++)
            TensorPrimitives.Multiply(Weights.AsSpan(row * Columns, count), factor, Weights.AsSpan(row * Columns, count));
        if (Bias.Length > 0)
            TensorPrimitives.Multiply(Bias.AsSpan(0, count), factor, Bias.AsSpan(0, count));
    }
}
