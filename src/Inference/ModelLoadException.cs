namespace ActorEmbed.Inference;

/// <summary>
/// A model is missing, damaged or of a kind that cannot be run. Loading it again will not help. The message is one
/// line for a person: which file, what is wrong with it.
/// </summary>
public sealed class ModelLoadException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether it is not the model: the device that was named cannot be had, or not for this model.</summary>
    public bool IsOfDevice { get; init; }
}
