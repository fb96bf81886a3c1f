
namespace ActorEmbed.Inference.Models;

/// <summary>What the configuration files of a sentence-transformers repository say, checked.</summary>
internal sealed record ModelDescription
{
    /// <summary>Full id: <c>organisation/name</c> from a hub cache path, otherwise the directory's name.</summary>
    public required string Id { get; init; }

    /// <summary>The directory that holds <c>modules.json</c>.</summary>
    public required string Root { get; init; }

    /// <summary>The directory of the transformer module: configuration, tokenizer and weights.</summary>
    public required string TransformerDirectory { get; init; }

    /// <summary>How token vectors are pooled.</summary>
    public required PoolingMode Pooling { get; init; }

    /// <summary>Length of a vector, where the pooling configuration names it.</summary>
    public required int? Dimensions { get; init; }

    /// <summary>Most tokens of a text, special tokens included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Whether a Normalize module makes every vector unit length.</summary>
    public required bool Normalizes { get; init; }
}
