namespace ActorEmbed.Inference.Modules;

/// <summary>A module of a sentence-transformers model that stands after the pooling. Safe for concurrent use.</summary>
internal interface IVectorModule
{
    /// <summary>Length of what <see cref="Apply"/> gives for a vector of a length.</summary>
    /// <param name="dimensions">Length of the vectors that come in.</param>
    /// <exception cref="ModelLoadException">The module is made for vectors of another length.</exception>
    int DimensionsAfter(int dimensions);

    /// <summary>One text's vector after the module; the one given may be changed.</summary>
    float[] Apply(float[] vector);
}
