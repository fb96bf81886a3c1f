namespace ActorEmbed.Inference.Weights;

/// <summary>The tensors of a model by the names that its family knows them by, wherever they are stored.</summary>
internal interface IModelWeights
{
    /// <summary>For messages: the file, or the first of several.</summary>
    string Path { get; }

    /// <summary>The tensor of a name, or null. A dense product's weights have a row for each output, as PyTorch keeps them.</summary>
    WeightTensor? Find(string name);

    /// <summary>Copies a tensor, converted to single precision.</summary>
    /// <exception cref="ModelLoadException">The tensor does not hold floating-point numbers, or one that is none.</exception>
    float[] ReadFloats(WeightTensor tensor);

    /// <summary>Reads a matrix a few rows at a time, converted to single precision: a whole one would be in memory twice.</summary>
    /// <returns>Whole rows, one after the other; each block is overwritten by the next.</returns>
    /// <inheritdoc cref="ReadFloats" />
    IEnumerable<ReadOnlyMemory<float>> ReadRows(WeightTensor tensor);

    /// <summary>Reads a tensor that is too large to keep, to see whether every component is a number.</summary>
    /// <inheritdoc cref="ReadFloats" />
    void CheckFinite(WeightTensor tensor);
}
