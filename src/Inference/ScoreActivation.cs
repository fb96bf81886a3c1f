namespace ActorEmbed.Inference;

/// <summary>What makes the score of a pair of what a reranker's classifier gives, which is called the logit.</summary>
public enum ScoreActivation
{
    /// <summary>Nothing: the logit is the score.</summary>
    Identity,

    /// <summary>The logistic function: a score between 0 and 1.</summary>
    Sigmoid,
}
