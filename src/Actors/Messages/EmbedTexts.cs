using System.Diagnostics;
using System.Runtime.CompilerServices;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the vectors of some texts. It answers exactly once, with <see cref="TextsEmbedded"/> or
/// <see cref="EmbedRejected"/>.
/// </summary>
/// <param name="Texts">Any strings, blank ones included, or token ids. Not to be changed once sent.</param>
public sealed record EmbedTexts(IReadOnlyList<EmbeddingInput> Texts) : INoSerializationVerificationNeeded
{
    /// <summary>Asks for the vectors of strings.</summary>
    /// <param name="texts">Any strings, blank ones included.</param>
    [OverloadResolutionPriority(1)]
    public EmbedTexts(IReadOnlyList<string> texts)
        : this(texts.Select(EmbeddingInput.FromString).ToArray())
    {
    }

    /// <summary>
    /// The model that the vectors have to come from: its full id or its short name, in any case, with or without Ollama's
    /// <c>:latest</c>. Null for whatever is served. If another is, the request is rejected with
    /// <see cref="RejectionReason.WrongModel"/>.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>
    /// Which of the model's prompts goes before each text; null for its default prompt, if it has one. One that it does not
    /// have is rejected with <see cref="RejectionReason.UnknownPrompt"/>, and one before token ids with
    /// <see cref="RejectionReason.InvalidRequest"/>.
    /// </summary>
    public PromptChoice? Prompt { get; init; }

    /// <summary>
    /// How many components of each vector are wanted, the first ones, scaled to length 1 again where
    /// <see cref="Normalize"/> is true; null for all. Above what the model has, the request is rejected with
    /// <see cref="RejectionReason.TooManyDimensions"/>. Of use with models trained for it (Matryoshka); it costs others
    /// accuracy.
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether each vector is scaled to length 1 (L2).</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>
    /// Whether a text with more tokens than the model takes is cut. If not, the request is rejected with
    /// <see cref="RejectionReason.TextTooLong"/>, and that text costs no inference.
    /// </summary>
    public bool Truncate { get; init; } = true;

    /// <summary>
    /// Time from receipt to answer; after it the request is rejected with <see cref="RejectionReason.DeadlineExceeded"/>.
    /// Null takes <see cref="SchedulingOptions.RequestTimeout"/>. What is above <see cref="WaitTimes.Longest"/> waits for
    /// ever, as <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> does.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How long the model is kept in memory after the answer while nobody else asks for it, from now on and instead of
    /// <see cref="SchedulingOptions.UnloadAfter"/>: zero closes it at once, negative never. Null leaves it as it is. Of no
    /// effect in a cluster, whose nodes work for several routers.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>The trace that the request belongs to: by default the one that is current where this is created.</summary>
    public ActivityContext Trace { get; init; } = Activity.Current?.Context ?? default;

    /// <summary>Cancelled when the caller no longer wants the answer: the request then costs no more inference.</summary>
    public CancellationToken Cancellation { get; init; }
}
