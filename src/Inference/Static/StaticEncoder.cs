using System.Numerics.Tensors;
using ActorEmbed.Inference.Encoders;

namespace ActorEmbed.Inference.Static;

/// <summary>
/// A table of token vectors: the vector of a text is the mean of its tokens' rows. No graph, no batch: each text by itself.
/// </summary>
/// <param name="rows">[table rows, dimensions].</param>
/// <param name="dimensions">Length of a row.</param>
/// <param name="mapping">[tokens]: the row of each token; null where that is its id.</param>
/// <param name="weights">[tokens]: the factor of each token's row; null for 1.</param>
internal sealed class StaticEncoder(float[] rows, int dimensions, int[]? mapping, float[]? weights) : ITextEncoder
{
    public int Dimensions => dimensions;

    /// <summary>Tokens that the table knows.</summary>
    public int Vocabulary => mapping?.Length ?? rows.Length / dimensions;

    public float[][] Encode(ReadOnlySpan<int[]> texts, ReadOnlySpan<int> unpooled = default, ReadOnlySpan<int[]?> types = default)
    {
        var vectors = new float[texts.Length][];
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = Mean(texts[i]);
        return vectors;
    }

    public int? TokenDimensions => dimensions;

    /// <summary>What the mean is made of: the row of each token, times its factor.</summary>
    public float[][] EncodeTokens(ReadOnlySpan<int[]> texts)
    {
        var vectors = new float[texts.Length][];
        for (var text = 0; text < vectors.Length; text++)
        {
            var ids = texts[text];
            vectors[text] = new float[ids.Length * dimensions];
            for (var i = 0; i < ids.Length; i++)
                TensorPrimitives.Multiply(RowOf(ids[i]), weights?[ids[i]] ?? 1, vectors[text].AsSpan(i * dimensions, dimensions));
        }

        return vectors;
    }

    public void Dispose()
    {
        // The table is ordinary memory.
    }

    /// <summary>Zeros for a text without tokens.</summary>
    private float[] Mean(int[] ids)
    {
        var vector = new float[dimensions];
        foreach (var id in ids)
        {
            var row = RowOf(id);
            if (weights is null)
                TensorPrimitives.Add(vector, row, vector);
            else
                TensorPrimitives.MultiplyAdd(row, weights[id], vector, vector);
        }

        if (ids.Length > 0)
            TensorPrimitives.Divide(vector, ids.Length, vector);
        return vector;
    }

    private ReadOnlySpan<float> RowOf(int id) => (uint)id < (uint)Vocabulary
        ? rows.AsSpan((mapping is null ? id : mapping[id]) * dimensions, dimensions)
        : throw new InferenceException($"Token id {id} is not in the model's vocabulary of {Vocabulary}.");
}
