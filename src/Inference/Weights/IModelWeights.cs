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

    /// <summary>Reads a tensor that is too large to keep, to see whether every component is a number.</summary>
    /// <inheritdoc cref="ReadFloats" />
    void CheckFinite(WeightTensor tensor);
}
