using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Graphs;

/// <summary>
/// What a family of encoders is: the fields of its configuration, the names of its tensors, the order of its layers.
/// Adding one takes a folder with an implementation, made of the shared pieces, and a line in <c>EncoderFamilies</c>.
/// </summary>
internal interface IEncoderFamily
{
    /// <summary>Values of <c>model_type</c> in <c>config.json</c>.</summary>
    IReadOnlyList<string> ModelTypes { get; }

    /// <summary>Reads the shape of an encoder.</summary>
    /// <param name="config">Of one of <see cref="ModelTypes"/>.</param>
    /// <param name="whyNot">What of the configuration this family does not know, where it returns null.</param>
    /// <exception cref="ModelLoadException">The configuration makes no sense for any encoder.</exception>
    EncoderArchitecture? TryRead(EncoderConfig config, out string whyNot);

    /// <summary>What a class of this family has behind its encoder to score pairs; null where it is not known here.</summary>
    /// <param name="architecture">Name of the class, such as <c>BertForSequenceClassification</c>.</param>
    /// <param name="config">Of one of <see cref="ModelTypes"/>.</param>
    ClassifierHead? FindHead(string architecture, EncoderConfig config) => null;

    /// <summary>Finds every tensor that the encoder needs.</summary>
    /// <param name="files">Where the tensors are.</param>
    /// <param name="architecture">What <see cref="TryRead"/> gave.</param>
    /// <param name="whyNot">Why the file is not laid out as this family is, where it returns null.</param>
    /// <exception cref="ModelLoadException">The tensors are those of this family, but not of this shape.</exception>
    IEncoderWriter? TryOpen(IModelWeights files, EncoderArchitecture architecture, out string whyNot);
}
