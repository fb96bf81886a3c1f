namespace ActorEmbed.Inference.Models;

/// <summary>How token vectors become the vector of a text; the names are those of sentence-transformers.</summary>
internal enum PoolingMode
{
    /// <summary>Mean over the attention mask.</summary>
    Mean,

    /// <summary>The vector of the first token.</summary>
    Cls,

    /// <summary>Maximum of each component over the attention mask.</summary>
    Max,
}
