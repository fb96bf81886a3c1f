using System.Diagnostics;
using System.Runtime.CompilerServices;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the vectors of all tokens of some texts, as the model has them before its pooling: not normalised, special
/// tokens and those of a prompt included. It answers exactly once, with <see cref="TokensEmbedded"/> or <see cref="EmbedRejected"/>. A
/// model that has no such vectors rejects it with <see cref="RejectionReason.WrongKind"/>, and so does the router of a cluster.
/// <para>The vectors are many times as large as the texts, and count against <see cref="SchedulingOptions.MaxQueuedBytes"/> from
/// receipt to answer.</para>
/// </summary>
/// <param name="Texts">Any strings, blank ones included, or token ids. Not to be changed once sent.</param>
public sealed record EmbedTokens(IReadOnlyList<EmbeddingInput> Texts) : INoSerializationVerificationNeeded
{
    /// <summary>Asks for the vectors of the tokens of strings.</summary>
    /// <param name="texts">Any strings, blank ones included.</param>
    [OverloadResolutionPriority(1)]
    public EmbedTokens(IReadOnlyList<string> texts)
        : this(texts.Select(EmbeddingInput.FromString).ToArray())
    {
    }

    /// <inheritdoc cref="EmbedTexts.Model" />
    public string? Model { get; init; }

    /// <inheritdoc cref="EmbedTexts.Prompt" />
    public PromptChoice? Prompt { get; init; }

    /// <inheritdoc cref="EmbedTexts.Truncate" />
    public bool Truncate { get; init; } = true;

    /// <inheritdoc cref="EmbedTexts.Timeout" />
    public TimeSpan? Timeout { get; init; }

    /// <summary>The trace that the request belongs to: by default the one that is current where this is created.</summary>
    public ActivityContext Trace { get; init; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when the caller no longer wants the answer: the request then costs no more inference.</summary>
    public CancellationToken Cancellation { get; init; }
}
