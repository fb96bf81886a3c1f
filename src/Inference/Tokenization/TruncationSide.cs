namespace ActorEmbed.Inference.Tokenization;

/// <summary>The end of a text that is cut off when it has too many tokens.</summary>
internal enum TruncationSide
{
    /// <summary>The end: what most models do.</summary>
    Right,

    /// <summary>The beginning.</summary>
    Left,
}
