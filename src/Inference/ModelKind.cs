namespace ActorEmbed.Inference;

/// <summary>What a model is for.</summary>
public enum ModelKind
{
    /// <summary>Gives the vector of a text.</summary>
    Embedder,

    /// <summary>Scores a text against a query: a cross-encoder.</summary>
    Reranker,
}
