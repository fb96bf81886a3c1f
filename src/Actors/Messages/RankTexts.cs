namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router how well some texts fit a query. It answers exactly once, with <see cref="TextsRanked"/> or
/// <see cref="EmbedRejected"/>. That takes a reranker: an embedder rejects it with <see cref="RejectionReason.WrongKind"/>.
/// </summary>
/// <param name="Query">What the texts are compared with.</param>
/// <param name="Texts">Any strings, blank ones included. Not to be changed once sent.</param>
public sealed record RankTexts(string Query, IReadOnlyList<string> Texts) : ModelRequest
{
    /// <summary>
    /// Whether query and text are cut where they have more tokens than the model takes, the longer one first. If not, the
    /// request is rejected with <see cref="RejectionReason.TextTooLong"/>, and that text costs no inference.
    /// </summary>
    public bool Truncate { get; init; } = true;
}
