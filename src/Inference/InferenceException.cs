namespace ActorEmbed.Inference;

/// <summary>A loaded model failed to produce vectors; a fresh session may succeed.</summary>
public sealed class InferenceException(string message, Exception? innerException = null)
    : Exception(message, innerException);
