using System.Diagnostics;
using System.Diagnostics.Metrics;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// What a router counts, once: for <see cref="ServiceStatus"/>, as instruments of the meter <c>ActorEmbed</c>, and as
/// spans of the source of the same name. Written by the router alone.
/// </summary>
internal sealed class RouterTelemetry : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "ActorEmbed";

    private static readonly ActivitySource Source = new(Name);

    // From a table lookup to a request that waits as long as it may.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    // Powers of two up to the largest batch that the options allow.
    private static readonly InstrumentAdvice<int> BatchSizes = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    };

    private static readonly KeyValuePair<string, object?> Embedded = Outcome("embedded");
    private static readonly KeyValuePair<string, object?> Ranked = Outcome("ranked");
    private static readonly KeyValuePair<string, object?> TokenizedOutcome = Outcome("tokenized");
    private static readonly KeyValuePair<string, object?> DecodedOutcome = Outcome("decoded");
    private static readonly KeyValuePair<string, object?> Failed = Outcome("failed");
    private static readonly KeyValuePair<string, object?> Lost = Outcome("lost");
    private static readonly KeyValuePair<string, object?> Small = new("size", "small");
    private static readonly KeyValuePair<string, object?> Big = new("size", "big");

    private readonly Meter _meter;
    private readonly ListenerGuard _guard;

    // Null where a listener threw when it was told of the instrument.
    private readonly Counter<long>? _requests;
    private readonly Histogram<double>? _requestDuration;
    private readonly Histogram<double>? _requestWait;
    private readonly Histogram<double>? _embedDuration;
    private readonly Counter<long>? _batches;
    private readonly Histogram<double>? _batchDuration;
    private readonly Histogram<int>? _batchTexts;
    private readonly Counter<long>? _texts;
    private readonly Counter<long>? _tokens;
    private readonly Counter<long>? _truncated;
    private readonly Counter<long>? _restarts;

    /// <param name="model">A tag of the meter, and so of all it measures, where there are several models; null where there is one.</param>
    /// <param name="queue">Its depth is read whenever someone collects.</param>
    /// <param name="queuedRequests">Requests that wait, read likewise.</param>
    /// <param name="guard">Around every listener.</param>
    public RouterTelemetry(string? model, RequestQueue queue, Func<int> queuedRequests, ListenerGuard guard)
    {
        _meter = new Meter(Name, version: null, tags: model is null ? null : [new("model", model)]);
        _guard = guard;
        guard.Get(() => _meter.CreateObservableUpDownCounter("actorembed.queue.texts", () => queue.Room.Texts, "{text}", "Texts that wait for a batch, or for a tokenizer."));
        guard.Get(() => _meter.CreateObservableUpDownCounter("actorembed.queue.requests", queuedRequests, "{request}", "Requests with such texts."));
        guard.Get(() => _meter.CreateObservableUpDownCounter("actorembed.queue.size", () => queue.Room.Bytes, "By", "Memory of the texts of all requests that have not been answered."));
        guard.Get(() => _meter.CreateObservableGauge("actorembed.model.loaded", () => IsModelLoaded ? 1 : 0, unit: null, "1 while the model is in memory, 0 while it is asleep or being loaded."));
        _requests = guard.Get(() => _meter.CreateCounter<long>("actorembed.requests", "{request}", "Requests answered, by outcome."));
        _requestDuration = guard.Get(() => _meter.CreateHistogram<double>("actorembed.request.duration", "s", "From receipt to answer, by outcome.", advice: Durations));
        _requestWait = guard.Get(() => _meter.CreateHistogram<double>("actorembed.request.wait", "s", "From receipt to the first batch.", advice: Durations));
        _embedDuration = guard.Get(() => _meter.CreateHistogram<double>("actorembed.embed.duration", "s", "From receipt to answer of requests that were served by batches, by size: small ones do not wait for the big ones.", advice: Durations));
        _batches = guard.Get(() => _meter.CreateCounter<long>("actorembed.batches", "{batch}", "Batches that came back, by outcome."));
        _batchDuration = guard.Get(() => _meter.CreateHistogram<double>("actorembed.batch.duration", "s", "From hand-out to result.", advice: Durations));
        _batchTexts = guard.Get(() => _meter.CreateHistogram<int>("actorembed.batch.texts", "{text}", "Texts of a batch.", advice: BatchSizes));
        _texts = guard.Get(() => _meter.CreateCounter<long>("actorembed.texts", "{text}", "Texts that were given vectors."));
        _tokens = guard.Get(() => _meter.CreateCounter<long>("actorembed.tokens", "{token}", "Tokens that reached the model."));
        _truncated = guard.Get(() => _meter.CreateCounter<long>("actorembed.texts.truncated", "{text}", "Texts cut to the model's maximum."));
        _restarts = guard.Get(() => _meter.CreateCounter<long>("actorembed.restarts", "{restart}", "Times that inference was started again."));
        StartAtZero();
    }

    public ServiceCounters Counters { get; private set; } = new();

    /// <summary>Whether a worker has the model in memory.</summary>
    public bool IsModelLoaded { get; set; }

    public void OnAnswered(AcceptedRequest request, EmbedReply reply, TimeSpan now)
    {
        OnAnswered(reply);
        _guard.Run(() =>
        {
            var duration = (now - request.Times.AcceptedAt).TotalSeconds;
            _requestDuration?.Record(duration, OutcomeOf(reply));
            if (request.IsSmall is { } isSmall && reply is not EmbedRejected)
                _embedDuration?.Record(duration, isSmall ? Small : Big);
            if (request.Times.FirstSentAt is not { } sentAt)
                return;
            _requestWait?.Record((sentAt - request.Times.AcceptedAt).TotalSeconds);
            Trace("embed wait", request, request.Times.AcceptedAt, sentAt);
            Trace("embed inference", request, sentAt, now);
        });
    }

    /// <summary>Counts an answer to a request that was never queued.</summary>
    public void OnAnswered(EmbedReply reply)
    {
        Counters = reply switch
        {
            TextsEmbedded or TokensEmbedded or TextsRanked => Counters with { Answered = Counters.Answered + 1 },
            EmbedRejected => Counters with { Rejected = Counters.Rejected + 1 },
            _ => Counters,
        };
        _guard.Run(() => _requests?.Add(1, OutcomeOf(reply)));
    }

    public void OnBatchEmbedded(Batch batch, BatchEmbedded result, TimeSpan duration)
    {
        long tokens = result.Embeddings.Sum(e => (long)e.TokenCount);
        long truncated = result.Embeddings.Count(e => e.IsTruncated && !e.IsTooLong);
        Counters = Counters with
        {
            Batches = Counters.Batches + 1,
            Texts = Counters.Texts + batch.ItemCount,
            Tokens = Counters.Tokens + tokens,
            Truncated = Counters.Truncated + truncated,
        };
        _guard.Run(() =>
        {
            _batches?.Add(1, Embedded);
            _batchDuration?.Record(duration.TotalSeconds);
            _batchTexts?.Record(batch.ItemCount);
            _texts?.Add(batch.ItemCount);
            _tokens?.Add(tokens);
            _truncated?.Add(truncated);
        });
    }

    public void OnBatchFailed() => _guard.Run(() => _batches?.Add(1, Failed));

    /// <summary>A batch did not come back from its worker, and another gets it.</summary>
    public void OnBatchLost()
    {
        Counters = Counters with { LostBatches = Counters.LostBatches + 1 };
        _guard.Run(() => _batches?.Add(1, Lost));
    }

    public void OnRestart()
    {
        Counters = Counters with { Restarts = Counters.Restarts + 1 };
        _guard.Run(() => _restarts?.Add(1));
    }

    public void Dispose() => _guard.Run(_meter.Dispose);

    /// <summary>A rate over a counter that appears with its first event misses that event.</summary>
    private void StartAtZero()
    {
        _guard.Run(() =>
        {
            foreach (var counter in new[] { _texts, _tokens, _truncated, _restarts })
                counter?.Add(0);
            foreach (var outcome in Enum.GetValues<RejectionReason>().Select(OutcomeOf).Append(Embedded).Append(Ranked).Append(TokenizedOutcome).Append(DecodedOutcome))
                _requests?.Add(0, outcome);
            foreach (var outcome in new[] { Embedded, Failed, Lost })
                _batches?.Add(0, outcome);
        });
    }

    private static KeyValuePair<string, object?> OutcomeOf(EmbedReply reply) => reply switch
    {
        EmbedRejected rejected => OutcomeOf(rejected.Reason),
        TextsTokenized => TokenizedOutcome,
        TokensDecoded => DecodedOutcome,
        TextsRanked => Ranked,
        _ => Embedded,
    };

    private static KeyValuePair<string, object?> OutcomeOf(RejectionReason reason) =>
        Outcome(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()));

    private static KeyValuePair<string, object?> Outcome(string name) => new("outcome", name);

    /// <summary>A span of the trace that the request came with: messages carry no current activity.</summary>
    private static void Trace(string name, AcceptedRequest request, TimeSpan from, TimeSpan to)
    {
        if (request.Times.Trace == default)
            return;
        using var span = Source.StartActivity(ActivityKind.Internal, request.Times.Trace, startTime: request.Times.ToUtc(from), name: name);
        span?.SetTag("actorembed.request.texts", request.TextCount);
        span?.SetEndTime(request.Times.ToUtc(to).UtcDateTime);
    }
}
