using System.Runtime.CompilerServices;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>
/// Asks the router for the vectors of some texts. It answers exactly once, with <see cref="TextsEmbedded"/> or
/// <see cref="EmbedRejected"/>.
/// </summary>
/// <param name="Texts">Any strings, blank ones included, or token ids. Not to be changed once sent.</param>
public sealed record EmbedTexts(IReadOnlyList<EmbeddingInput> Texts) : ModelRequest
{
    /// <summary>Asks for the vectors of strings.</summary>
    /// <param name="texts">Any strings, blank ones included.</param>
    [OverloadResolutionPriority(1)]
    public EmbedTexts(IReadOnlyList<string> texts)
        : this(texts.Select(EmbeddingInput.FromString).ToArray())
    {
    }

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
    /// How long the model is kept in memory after the answer while nobody else asks for it, from now on and instead of
    /// <see cref="SchedulingOptions.UnloadAfter"/>: zero closes it at once, negative never. Null leaves it as it is. Of no
    /// effect in a cluster, whose nodes work for several routers.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }
}
