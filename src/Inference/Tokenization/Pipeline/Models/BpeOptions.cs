namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>What a byte-pair encoding does with what it does not know, and how it writes pieces.</summary>
internal sealed record BpeOptions
{
    /// <summary>The token of a character that is in no other; null leaves such characters out.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether a run of unknown characters is one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Whether unknown characters are spelled with tokens for their bytes, where there are all.</summary>
    public bool SpellsBytes { get; init; }

    /// <summary>Whether a piece that is in the vocabulary as a whole is that token, whatever the merges say.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>In front of each character that does not begin a piece.</summary>
    public string ContinuationPrefix { get; init; } = "";

    /// <summary>After the last character of a piece.</summary>
    public string EndSuffix { get; init; } = "";

    /// <summary>Whether pieces are merged with nothing but the vocabulary and the merges.</summary>
    public bool IsPlain => Unknown is null && !SpellsBytes && !IgnoresMerges && ContinuationPrefix.Length == 0 && EndSuffix.Length == 0;
}
