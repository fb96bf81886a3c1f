namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router what texts some token ids stand for. It answers exactly once, with <see cref="TokensDecoded"/> or
/// <see cref="EmbedRejected"/>. Such requests wait where those for tokens do (<see cref="TokenizeTexts"/>).
/// </summary>
/// <param name="Texts">For each text ids of the model's own vocabulary. Not to be changed once sent.</param>
public sealed record DecodeTokens(IReadOnlyList<int[]> Texts) : ModelRequest
{
    /// <summary>Whether special tokens, such as those around a text, are left out.</summary>
    public bool SkipsSpecialTokens { get; init; } = true;
}
