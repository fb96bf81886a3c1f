namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>The special tokens of a WordPiece vocabulary by their roles; the defaults are BERT's.</summary>
internal sealed record BertSpecialTokens
{
    /// <summary>Before every text.</summary>
    public string Start { get; init; } = "[CLS]";

    /// <summary>After every text.</summary>
    public string End { get; init; } = "[SEP]";

    /// <summary>Fills up rows of a batch.</summary>
    public string Padding { get; init; } = "[PAD]";

    /// <summary>Stands for a word that cannot be cut into pieces.</summary>
    public string Unknown { get; init; } = "[UNK]";

    /// <summary>Hides a word in training.</summary>
    public string Mask { get; init; } = "[MASK]";

    /// <summary>The token that swallows the white space before it, as MPNet's mask does; BERT has none.</summary>
    public string? StrippingLeft { get; init; }

    /// <summary>All of them, each once.</summary>
    public IEnumerable<string> All => new[] { Start, End, Padding, Unknown, Mask }.Distinct();
}
