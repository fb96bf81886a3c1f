using System.Text.Json.Serialization;

namespace ActorEmbed.Inference.Graphs;

/// <summary>The shape of an encoder, as its <c>config.json</c> states it. A family that has more to say derives its own.</summary>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Hidden">Length of a token's vector.</param>
/// <param name="Heads">Attention heads; divides <paramref name="Hidden"/>.</param>
/// <param name="FeedForward">Width between the two products of the feed-forward block.</param>
/// <param name="Vocabulary">Rows of the token table.</param>
/// <param name="Positions">Rows of the position table.</param>
/// <param name="PaddingId">
/// The token that RoBERTa's position ids skip (they count from this id plus one), or null where they count every
/// token from 0, as BERT's do.
/// </param>
/// <param name="NormEpsilon">Epsilon of every layer normalisation.</param>
internal record EncoderArchitecture(
    int Layers, int Hidden, int Heads, int FeedForward, int Vocabulary, int Positions, int? PaddingId, float NormEpsilon)
{
    /// <summary>Components of a head.</summary>
    public int HeadSize { get; init; } = Hidden / Heads;

    /// <summary>Which texts are long, and how their attention is cut.</summary>
    public LongTexts LongTexts { get; init; } = LongTexts.Usual;

    /// <summary>Whether a text can be long.</summary>
    public bool TakesLongTexts => PackedGraph.Padded(MaxTokens) > LongTexts.LongerThan;

    /// <summary>
    /// Rows of the table of token types where a graph tells the two texts of a pair apart; 0 where all tokens have type 0.
    /// Not written then, so that the compiled models of embedders keep their names.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int TokenTypes { get; init; }

    /// <summary>Position id of the first token of a text.</summary>
    public int FirstPosition => PaddingId + 1 ?? 0;

    /// <summary>Most tokens of a text that have a position of their own.</summary>
    public int MaxTokens => Positions - FirstPosition;
}
