using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>What is answered at once instead of being queued: what is wrong, hopeless, or too much.</summary>
/// <param name="queue">Where accepted requests go.</param>
/// <param name="pace">How fast they leave.</param>
/// <param name="maxTextBytes">Largest text that a worker can be sent, in bytes of UTF-16 or of token ids.</param>
internal sealed class Admission(RequestQueue queue, Pace pace, long maxTextBytes)
{
    /// <summary>Null, or why the request cannot be served at all.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="model">What is served; null before there is any.</param>
    public EmbedRejected? RejectionOf(EmbedTexts command, ModelInfo? model)
    {
        if (LateRejection(command.Timeout, command.Cancellation) is { } late)
            return late;
        if (command.Dimensions <= 0)
            return Invalid($"'dimensions' must be a whole number above 0, but is {command.Dimensions}.");

        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (command.Prompt is not null && command.Texts[i].TokenIds is not null)
                return Invalid($"Text {i} is token ids, which take no prompt.", i);
            if (!IsUsable(command.Texts[i], i, out var whyNot))
                return Invalid(whyNot, i);
        }

        return model is null ? null : Mismatch(command, model);
    }

    /// <inheritdoc cref="RejectionOf(EmbedTexts, ModelInfo?)" />
    public EmbedRejected? RejectionOf(EmbedTokens command, ModelInfo? model) =>
        RejectionOf(ForVectorsOfTexts(command), model: null) ?? (model is null ? null : Mismatch(command, model));

    /// <inheritdoc cref="RejectionOf(EmbedTexts, ModelInfo?)" />
    public EmbedRejected? RejectionOf(RankTexts command, ModelInfo? model)
    {
        if (LateRejection(command.Timeout, command.Cancellation) is { } late)
            return late;
        if (command.Query is null)
            return Invalid("The query is null.");
        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (!IsUsable(EmbeddingInput.FromPair(command.Query, command.Texts[i]), i, out var whyNot))
                return Invalid(whyNot, i);
        }

        return model is null ? null : Mismatch(command, model);
    }

    /// <inheritdoc cref="RejectionOf(EmbedTexts, ModelInfo?)" />
    public static EmbedRejected? RejectionOf(TokenizeTexts command, ModelInfo? model)
    {
        if (LateRejection(command.Timeout, command.Cancellation) is { } late)
            return late;
        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (command.Texts[i] is null)
                return Invalid(IsNull(i), i);
        }

        return model is null ? null : Mismatch(command, model);
    }

    /// <inheritdoc cref="RejectionOf(EmbedTexts, ModelInfo?)" />
    public static EmbedRejected? RejectionOf(DecodeTokens command, ModelInfo? model)
    {
        if (LateRejection(command.Timeout, command.Cancellation) is { } late)
            return late;
        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (command.Texts[i] is null)
                return Invalid(IsNull(i), i);
        }

        return model is null ? null : Mismatch(command, model);
    }

    /// <summary>
    /// Null, or why this model cannot serve the request. Asked when the request arrives, or else, before any of its texts
    /// is handed out, when the model is there.
    /// </summary>
    public static EmbedRejected? Mismatch(EmbedTexts command, ModelInfo model)
    {
        if ((Mismatch(command.Model, model) ?? Mismatch(ModelKind.Embedder, model) ?? Mismatch(command.Prompt, model)) is { } mismatch)
            return mismatch;
        if (command.Dimensions > model.Dimensions)
        {
            return new(
                RejectionReason.TooManyDimensions,
                $"'dimensions' must not be above {model.Dimensions}, which is what {model.ShortName} has, but is {command.Dimensions}.");
        }

        return UnknownTokenRejection(command.Texts.Select(text => text.TokenIds), model);
    }

    /// <inheritdoc cref="Mismatch(EmbedTexts, ModelInfo)" />
    public static EmbedRejected? Mismatch(EmbedTokens command, ModelInfo model) => Mismatch(ForVectorsOfTexts(command), model) ?? (
        model.TokenDimensions is null ? new(RejectionReason.WrongKind, $"{model.Id} gives no vectors of tokens.") : null);

    /// <inheritdoc cref="Mismatch(EmbedTexts, ModelInfo)" />
    public static EmbedRejected? Mismatch(RankTexts command, ModelInfo model) =>
        Mismatch(command.Model, model) ?? Mismatch(ModelKind.Reranker, model);

    /// <inheritdoc cref="Mismatch(EmbedTexts, ModelInfo)" />
    public static EmbedRejected? Mismatch(TokenizeTexts command, ModelInfo model) =>
        Mismatch(command.Model, model) ?? Mismatch(command.Prompt, model);

    /// <inheritdoc cref="Mismatch(EmbedTexts, ModelInfo)" />
    public static EmbedRejected? Mismatch(DecodeTokens command, ModelInfo model) =>
        Mismatch(command.Model, model) ?? UnknownTokenRejection(command.Texts, model);

    /// <summary>Null, or why this model is not the one that is expected.</summary>
    private static EmbedRejected? Mismatch(string? expected, ModelInfo model) => expected is null || ModelNames.IsOf(expected, model)
        ? null
        : new(RejectionReason.WrongModel, $"The model '{expected}' is not loaded here; this server has {model.Id}.");

    private static EmbedRejected? Mismatch(ModelKind wanted, ModelInfo model) => wanted == model.Kind ? null : new(
        RejectionReason.WrongKind,
        wanted == ModelKind.Embedder
            ? $"{model.Id} is a reranker: it scores texts against a query and gives no vectors."
            : $"{model.Id} is an embedder: it gives vectors and does not score texts against a query; that takes a reranker (a cross-encoder).");

    private static EmbedRejected? Mismatch(PromptChoice? prompt, ModelInfo model) => model.Prompts.TryFind(prompt, out _, out var whyNot)
        ? null
        : new(RejectionReason.UnknownPrompt, $"There is no prompt '{prompt!.Name}' here: {whyNot}.");

    /// <summary>Null once the request is queued; otherwise its answer.</summary>
    /// <param name="request">What has been found valid.</param>
    /// <param name="timeout">Time until its deadline.</param>
    /// <param name="accepted">Requests that have been accepted and not answered.</param>
    public EmbedRejected? TryQueue(QueuedRequest request, TimeSpan timeout, int accepted)
    {
        if (request.TextCount == 0)
            return queue.Room.Has(texts: accepted + 1, bytes: 0) ? null : QueueIsFull();
        if (!queue.Room.CouldHave(request.TextCount, request.Bytes, out var never))
            return Invalid(never);
        if (IsHopeless(request, timeout))
            return DeadlineExceeded($"The request cannot be served within {timeout} at the present rate.") with { RetryAfter = pace.RetryAfter(queue.QueuedCost) };
        return queue.TryAdd(request) ? null : QueueIsFull();
    }

    /// <summary>Null once the request waits for a tokenizer; otherwise its answer.</summary>
    public EmbedRejected? TryQueue(AcceptedTokenizing request, Tokenizations tokenizations, int accepted)
    {
        if (!queue.Room.CouldHave(request.TextCount, request.Bytes, out var never))
            return Invalid(never);
        var hasRoom = request.TextCount > 0 || queue.Room.Has(texts: accepted + 1, bytes: 0);
        return hasRoom && tokenizations.TryAdd(request) ? null : QueueIsFull();
    }

    public static EmbedRejected DeadlineExceeded(string message) => new(RejectionReason.DeadlineExceeded, message);

    private EmbedRejected QueueIsFull() =>
        new(RejectionReason.Overloaded, $"The queue is full: {queue.Room.Texts} texts wait.") { RetryAfter = pace.RetryAfter(queue.QueuedCost) };

    /// <summary>What is wrong with that is wrong with this.</summary>
    private static EmbedTexts ForVectorsOfTexts(EmbedTokens command) =>
        new(command.Texts) { Model = command.Model, Prompt = command.Prompt, Timeout = command.Timeout, Cancellation = command.Cancellation };

    private static EmbedRejected? LateRejection(TimeSpan? timeout, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return EmbedRejected.Cancelled;
        return timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan ? DeadlineExceeded("The time-out had passed on receipt.") : null;
    }

    private bool IsUsable(EmbeddingInput text, int index, [NotNullWhen(false)] out string? whyNot)
    {
        if (text.IsNull)
            whyNot = IsNull(index);
        else if (TextWeight.BytesOf(text) <= maxTextBytes)
            whyNot = null;
        else if (text.TokenIds is { } ids)
            whyNot = $"Text {index} has {ids.Length} token ids; this cluster's frames take {maxTextBytes / sizeof(int)} at most.";
        else
            whyNot = $"Text {index} has {text.Text!.Length + (text.Query?.Length ?? 0)} characters{(text.Query is null ? "" : " with its query")}; this cluster's frames take {maxTextBytes / sizeof(char)} at most.";
        return whyNot is null;
    }

    private static EmbedRejected? UnknownTokenRejection(IEnumerable<int[]?> texts, ModelInfo model)
    {
        if (model.VocabularySize is not { } size)
            return null;
        foreach (var (i, ids) in texts.Index())
        {
            if (ids.AsSpan().IndexOfAnyExceptInRange(0, size - 1) is >= 0 and var at)
                return Invalid($"Token id {ids![at]} of text {i} is not in the vocabulary, which has {size} ids from 0.", i);
        }

        return null;
    }

    private static string IsNull(int index) => $"Text {index} is null.";

    private static EmbedRejected Invalid(string reason, int? index = null) => new(RejectionReason.InvalidRequest, reason) { TextIndex = index };

    private bool IsHopeless(QueuedRequest request, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return false;
        var batches = queue.BatchesUntilDone(request);
        // Looking for equal texts takes time, so only where it can matter.
        return pace.IsHopeless(batches, request.UnsentTokens, timeout) && pace.IsHopeless(batches, request.DistinctTokens(), timeout);
    }
}
