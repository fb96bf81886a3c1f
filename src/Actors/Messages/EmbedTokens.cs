using System.Runtime.CompilerServices;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the vectors of all tokens of some texts, as the model has them before its pooling: not normalised, special
/// tokens and those of a prompt included. It answers exactly once, with <see cref="TokensEmbedded"/> or <see cref="EmbedRejected"/>. A
/// model that has no such vectors rejects it with <see cref="RejectionReason.WrongKind"/>, and so does the router of a cluster.
/// <para>The vectors are many times as large as the texts, and count against <see cref="SchedulingOptions.MaxQueuedBytes"/> from
/// receipt to answer.</para>
/// </summary>
/// <param name="Texts">Any strings, blank ones included, or token ids. Not to be changed once sent.</param>
public sealed record EmbedTokens(IReadOnlyList<EmbeddingInput> Texts) : ModelRequest
{
    /// <summary>Asks for the vectors of the tokens of strings.</summary>
    /// <param name="texts">Any strings, blank ones included.</param>
    [OverloadResolutionPriority(1)]
    public EmbedTokens(IReadOnlyList<string> texts)
        : this(texts.Select(EmbeddingInput.FromString).ToArray())
    {
    }

    /// <inheritdoc cref="EmbedTexts.Prompt" />
    public PromptChoice? Prompt { get; init; }

    /// <inheritdoc cref="EmbedTexts.Truncate" />
    public bool Truncate { get; init; } = true;
}
