namespace ActorEmbed.Inference;

/// <summary>
/// What a model is given: a text, the token ids that a caller has already made of one, or, for a reranker, a text and the
/// query that it is scored against. Equal inputs get equal vectors. Not to be changed once made.
/// </summary>
public readonly struct EmbeddingInput : IEquatable<EmbeddingInput>
{
    // A string or an int[].
    private readonly object? _value;

    // The other way round, because the default of a struct is all zeros, and the default is to truncate.
    private readonly bool _keepsWhole;

    private EmbeddingInput(object? value) => _value = value;

    /// <summary>The text; null where <see cref="TokenIds"/> is not.</summary>
    public string? Text => _value as string;

    /// <summary>
    /// Ids of the loaded model's own vocabulary. The special tokens around a text are added unless they are there.
    /// </summary>
    public int[]? TokenIds => _value as int[];

    /// <summary>What a reranker scores <see cref="Text"/> against; null where a vector of the text is wanted.</summary>
    public string? Query { get; private init; }

    /// <summary>
    /// Whether an input with more tokens than the model takes is cut, which is the default. If not, its result is
    /// <see cref="TextEmbedding.TooLong"/> and has no vector.
    /// </summary>
    public bool Truncate
    {
        get => !_keepsWhole;
        init => _keepsWhole = !value;
    }

    /// <summary>
    /// Which of the model's prompts goes before the text; null for its default prompt, if it has one. Token ids are taken as
    /// they are: none may be asked for, and none is put before them.
    /// </summary>
    public PromptChoice? Prompt { get; init; }

    /// <summary>
    /// Whether a vector of each token is wanted instead of one of the text, as the model has them before its pooling. Only of
    /// models that have <see cref="ModelInfo.TokenDimensions"/>.
    /// </summary>
    public bool EachToken { get; init; }

    /// <summary>Whether there is neither text nor ids: what a null text becomes.</summary>
    public bool IsNull => _value is null;

    /// <summary>A text.</summary>
    public static implicit operator EmbeddingInput(string? text) => new(text);

    /// <summary>A text.</summary>
    public static EmbeddingInput FromString(string? text) => new(text);

    /// <summary>Token ids.</summary>
    public static EmbeddingInput FromTokenIds(int[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new EmbeddingInput(ids);
    }

    /// <summary>A text and the query that a reranker scores it against.</summary>
    public static EmbeddingInput FromPair(string query, string? text)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new EmbeddingInput(text) { Query = query };
    }

    /// <inheritdoc cref="Equals(EmbeddingInput)" />
    public static bool operator ==(EmbeddingInput left, EmbeddingInput right) => left.Equals(right);

    /// <summary>The opposite of <see cref="Equals(EmbeddingInput)"/>.</summary>
    public static bool operator !=(EmbeddingInput left, EmbeddingInput right) => !left.Equals(right);

    /// <summary>Whether both are the same text, the same pair or the same ids, to be treated alike.</summary>
    public bool Equals(EmbeddingInput other) => _keepsWhole == other._keepsWhole && EachToken == other.EachToken && Prompt == other.Prompt && (TokenIds is { } ids
        ? other.TokenIds is { } others && ids.AsSpan().SequenceEqual(others)
        : other.TokenIds is null && string.Equals(Text, other.Text, StringComparison.Ordinal) && string.Equals(Query, other.Query, StringComparison.Ordinal));

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is EmbeddingInput other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        if (TokenIds is not { } ids)
            return Text?.GetHashCode(StringComparison.Ordinal) ?? 0;
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(ids.AsSpan()));
        return hash.ToHashCode();
    }
}
