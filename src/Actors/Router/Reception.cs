using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Where what callers ask comes in: it is answered at once, or accepted and queued.</summary>
/// <param name="options">Say how long a request may take that does not say so itself.</param>
/// <param name="policy">Says what can be tokenized and decoded.</param>
/// <param name="admission">Says what is wrong, hopeless or too much.</param>
/// <param name="queue">Where texts wait.</param>
/// <param name="tokenizations">Where requests wait that tokenizers serve.</param>
/// <param name="pace">Is told of small requests.</param>
/// <param name="health">Says whether there is any hope.</param>
/// <param name="memory">Knows the model.</param>
/// <param name="requests">Those that are accepted.</param>
/// <param name="sleep">Is told how long the model is to be kept.</param>
/// <param name="telemetry">Counts the answers.</param>
/// <param name="time">The router's clock.</param>
internal sealed class Reception(
    SchedulingOptions options, RouterPolicy policy, Admission admission, RequestQueue queue, Tokenizations tokenizations, Pace pace,
    ServiceHealth health, RouterMemory memory, AcceptedRequests requests, ModelSleep sleep, RouterTelemetry telemetry, TimeProvider time)
{
    // A caller may cancel what it asked the router before this one.
    private long _nextId = RouterMemory.NewFirstId();

    // Who asked what is being looked at, until that is answered or accepted.
    private IActorRef? _asker;

    private int MaxTokens => memory.Model?.MaxTokens ?? TextWeight.DefaultMaxTokens;

    private TimeSpan Now => time.GetElapsedTime(startingTimestamp: 0);

    public void OnEmbedTexts(EmbedTexts asked, IActorRef asker, IActorRef router)
    {
        _asker = asker;
        if (!TryCopy(asked.Texts, out var texts))
            return;

        var command = asked with { Texts = texts };
        if (IsRefused(Failure() ?? admission.RejectionOf(command, memory.Model)))
            return;

        sleep.OnAsked(command);
        var queued = new QueuedRequest(_nextId++, texts, command.Normalize, command.Truncate, MaxTokens, command.Prompt, TokensOf(command.Prompt));
        Queue(queued, new AcceptedEmbedding(queued, command, asker, TimesOf(command), queue), command, router);
    }

    public void OnEmbedTokens(EmbedTokens asked, IActorRef asker, IActorRef router)
    {
        _asker = asker;
        if (!TryCopy(asked.Texts, out var texts))
            return;

        var command = asked with { Texts = texts };
        if (IsRefused(Failure() ?? policy.TokenVectorsRejection() ?? admission.RejectionOf(command, memory.Model)))
            return;

        var queued = new QueuedRequest(
            _nextId++, Array.ConvertAll(texts, text => text with { EachToken = true }), normalize: false, command.Truncate, MaxTokens, command.Prompt,
            TokensOf(command.Prompt), TextWeight.MostBytesOfTokenVectors(texts, command.Prompt, memory.Model));
        Queue(queued, new AcceptedTokenVectors(queued, command, asker, TimesOf(command), queue), command, router);
    }

    public void OnRankTexts(RankTexts asked, IActorRef asker, IActorRef router)
    {
        _asker = asker;
        if (!TryCopy(asked.Texts, out var texts))
            return;

        var command = asked with { Texts = texts };
        if (IsRefused(Failure() ?? admission.RejectionOf(command, memory.Model)))
            return;

        var pairs = Array.ConvertAll(texts, text => EmbeddingInput.FromPair(command.Query, text));
        var queued = new QueuedRequest(
            _nextId++, pairs, normalize: false, command.Truncate, MaxTokens, tokensBeside: TextWeight.Estimate(command.Query, MaxTokens));
        Queue(queued, new AcceptedRanking(queued, command, asker, TimesOf(command), queue), command, router);
    }

    public void OnTokenizeTexts(TokenizeTexts asked, IActorRef asker, IActorRef router)
    {
        _asker = asker;
        if (!TryCopy(asked.Texts, out var texts))
            return;

        var command = asked with { Texts = texts };
        if (IsRefused(Failure() ?? Admission.RejectionOf(command, memory.Model)))
            return;

        if (!policy.CanTokenize(texts.Sum(text => (long)text.Length), out var whyNot))
        {
            Refuse(whyNot);
            return;
        }

        Queue(new AcceptedTokenize(_nextId++, command, asker, TimesOf(command), tokenizations), command, router);
    }

    public void OnDecodeTokens(DecodeTokens asked, IActorRef asker, IActorRef router)
    {
        _asker = asker;
        if (!TryCopy(asked.Texts, out var texts))
            return;

        var command = asked with { Texts = texts };
        if (IsRefused(Failure() ?? Admission.RejectionOf(command, memory.Model)))
            return;

        if (!policy.CanDecode(texts.Sum(ids => (long)ids.Length), out var whyNot))
        {
            Refuse(whyNot);
            return;
        }

        Queue(new AcceptedDecode(_nextId++, command, asker, TimesOf(command), tokenizations), command, router);
    }

    /// <summary>The router broke over the question that it was looking at.</summary>
    public void RejectUnanswered(EmbedRejected rejection)
    {
        if (_asker is not null)
            Answer(rejection);
    }

    private void Queue(QueuedRequest queued, AcceptedInference request, ModelRequest command, IActorRef router)
    {
        var timeout = TimeoutOf(command);
        if (queued.TextCount == 0 && memory.Model is { } model)
        {
            Answer(request.ToReply(model, Now));
            return;
        }

        if (admission.TryQueue(queued, timeout, requests.Count) is { } rejection)
        {
            Answer(rejection);
            return;
        }

        Accept(request, timeout, router, command.Cancellation);
        if (queue.IsSmall(queued))
            pace.NoteSmall(Now, queued.UnsentCost);
    }

    private void Queue(AcceptedTokenizing request, ModelRequest command, IActorRef router)
    {
        if (admission.TryQueue(request, tokenizations, requests.Count) is { } rejection)
            Answer(rejection);
        else
            Accept(request, TimeoutOf(command), router, command.Cancellation);
    }

    /// <summary>False when the list cannot be read, which has been answered.</summary>
    private bool TryCopy<T>(IReadOnlyList<T>? list, [NotNullWhen(true)] out T[]? copy)
    {
        if (CallersList.TryCopy(list, out copy, out var unreadable))
            return true;
        Refuse(unreadable);
        return false;
    }

    private void Refuse(string whyNot) => Answer(new EmbedRejected(RejectionReason.InvalidRequest, whyNot));

    /// <summary>True when there is a reason, which has been answered.</summary>
    private bool IsRefused(EmbedRejected? rejection)
    {
        if (rejection is null)
            return false;
        Answer(rejection);
        return true;
    }

    private EmbedRejected? Failure() => health.State == ServiceState.Failed ? new(RejectionReason.ModelFailed, health.Reason!) : null;

    private void Answer(EmbedReply reply)
    {
        telemetry.OnAnswered(reply);
        _asker!.Tell(reply);
        _asker = null;
    }

    private void Accept(AcceptedRequest request, TimeSpan timeout, IActorRef router, CancellationToken cancellation)
    {
        requests.Add(request, timeout, router, cancellation);
        _asker = null;
    }

    private int TokensOf(PromptChoice? choice) => TextWeight.OfPrompt(choice, memory.Model);

    private TimeSpan TimeoutOf(ModelRequest command) => WaitTimes.Limit(command.Timeout ?? options.RequestTimeout);

    private RequestTimes TimesOf(ModelRequest command) => new(Now, time.GetUtcNow(), command.Trace);
}
