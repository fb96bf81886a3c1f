namespace ActorEmbed.Actors.Inference;

/// <summary>What an actor in charge of inference leaves to the one that its supervisor puts in its place after a failure.</summary>
internal sealed class InferenceMemory
{
    /// <summary>Time after which the batch counts as hung that the inference actor had; null where it had none.</summary>
    public TimeSpan? BatchPatience { get; set; }

    /// <summary>Why inference had been given up for good, and whether the model was at fault; null where it had not.</summary>
    public (string Reason, bool ModelIsUnusable)? Failure { get; set; }
}
