namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>A token that is found in the text as it is written, whatever the model would make of it.</summary>
/// <param name="Text">As it is written.</param>
internal sealed record AddedToken(string Text)
{
    /// <summary>Whether it is a control token rather than a word.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it is looked for, normalised, in the normalised text instead of in the raw text.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Whether it counts only where no word character stands beside it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it swallows the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it swallows the white space after it.</summary>
    public bool StripsRight { get; init; }
}
