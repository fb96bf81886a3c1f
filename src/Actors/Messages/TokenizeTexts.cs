using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the token ids of some texts. It answers exactly once, with <see cref="TextsTokenized"/> or
/// <see cref="EmbedRejected"/>. Such requests do not wait for inference, but for each other, and for the model while it
/// is being loaded; the bounds of the queue hold for them too.
/// </summary>
/// <param name="Texts">Any strings, blank ones included. Not to be changed once sent.</param>
public sealed record TokenizeTexts(IReadOnlyList<string> Texts) : ModelRequest
{
    /// <inheritdoc cref="EmbedTexts.Prompt" />
    public PromptChoice? Prompt { get; init; }
}
