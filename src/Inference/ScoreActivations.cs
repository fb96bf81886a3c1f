namespace ActorEmbed.Inference;

/// <summary>Logits to scores.</summary>
public static class ScoreActivations
{
    /// <summary>The score of a pair.</summary>
    /// <param name="activation">What the model asks for.</param>
    /// <param name="logit">What its classifier gave.</param>
    public static float Apply(this ScoreActivation activation, float logit) => activation switch
    {
        ScoreActivation.Identity => logit,
        ScoreActivation.Sigmoid => (float)(1 / (1 + Math.Exp(-(double)logit))),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Unknown activation."),
    };
}
