namespace ActorEmbed.Inference.Encoders;

/// <summary>What a padded graph does not say of itself.</summary>
internal sealed record PaddedEncoderOptions
{
    /// <summary>How token vectors are pooled, where the graph does not pool.</summary>
    public required IReadOnlyList<PoolingMode> Pooling { get; init; }

    /// <summary>Whether a vector that the graph pools itself is taken rather than our pooling of its tokens.</summary>
    public bool PrefersPooled { get; init; }

    /// <summary>Whether the graph scores pairs: its vectors are logits, one number each.</summary>
    public bool IsClassifier { get; init; }

    /// <summary>Length of a vector by the configuration; null where it says nothing.</summary>
    public required int? Dimensions { get; init; }

    /// <summary>The token that texts are padded with.</summary>
    public required int PaddingId { get; init; }

    /// <summary>Position id of the first token, for graphs that ask for positions.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Threads of a run.</summary>
    public required int Threads { get; init; }
}
