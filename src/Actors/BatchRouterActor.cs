using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.Telemetry;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors;

/// <summary>
/// Takes requests, bounds the queue, hands batches to workers that ask for them, and answers each request exactly
/// once. Send it <see cref="EmbedTexts"/>, <see cref="TokenizeTexts"/>, <see cref="GetStatus"/> or
/// <see cref="AwaitStateChange"/>.
/// <para>Invariants: a request is in <c>_requests</c> from acceptance to its answer (<see cref="Answer"/>, the only
/// place that answers one); each of its texts is in the queue, in one batch of <c>_inFlight</c>, or done; a batch is
/// in <c>_inFlight</c> until it came back, failed, timed out, or its worker stopped
/// (<see cref="TakeInFlight"/>, the only place that takes one out).</para>
/// </summary>
public sealed class BatchRouterActor : ReceiveActor, IWithTimers
{
    private readonly SchedulingOptions _options;
    private readonly Func<IActorRef, Props> _supervisorProps;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RequestQueue _queue;
    private readonly Pace _pace;
    private readonly ServiceHealth _health;
    private readonly RouterTelemetry _telemetry;
    private readonly Dictionary<long, PendingRequest> _requests = [];
    private readonly Dictionary<long, InFlightBatch> _inFlight = [];
    private readonly LinkedList<IActorRef> _freeWorkers = [];

    private IActorRef _supervisor = ActorRefs.Nobody;
    private IActorRef _tokenizer = ActorRefs.Nobody;
    private ModelInfo? _model;
    private long _requestsAccepted;

    /// <summary>Wired by <see cref="ActorEmbedHosting.WithActorEmbed"/>.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="supervisorProps">The supervisor of the worker, given the router that it works for.</param>
    /// <param name="time">Measures durations; what happens at a time is the actor system's scheduler's.</param>
    public BatchRouterActor(SchedulingOptions options, Func<IActorRef, Props> supervisorProps, TimeProvider time)
    {
        _options = options;
        _time = time;
        _supervisorProps = supervisorProps;
        _queue = new RequestQueue(options);
        _pace = new Pace(options);
        _health = new ServiceHealth(options);
        _telemetry = new RouterTelemetry(_queue);

        Receive<EmbedTexts>(OnEmbedTexts);
        Receive<TokenizeTexts>(OnTokenizeTexts);
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(OnAwaitStateChange);
        Receive<CallerGone>(gone => Reject(gone.RequestId, EmbedRejected.Cancelled));
        Receive<DeadlinePassed>(passed => Reject(passed.RequestId, DeadlineExceeded($"The request was not served within {passed.Timeout}.")));

        Receive<WorkerReady>(OnWorkerReady);
        Receive<RequestWork>(_ => OnWorkRequested());
        Receive<BatchEmbedded>(OnBatchEmbedded);
        Receive<BatchFailed>(failed => OnBatchFailed(failed.BatchId, failed.Cause));
        Receive<LoadStarted>(_ => Timers.StartSingleTimer(LoadTimedOut.Instance, LoadTimedOut.Instance, _options.LoadTimeout));
        Receive<LoadFailed>(OnLoadFailed);
        Receive<LoadTimedOut>(_ => FailForGood($"Loading the model hangs: it has not produced a vector in {_options.LoadTimeout}.", modelIsUnusable: false));
        Receive<BatchTimedOut>(OnBatchTimedOut);
        Receive<Terminated>(OnTerminated);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(startingTimestamp: 0);

    internal static Props Props(SchedulingOptions options, Func<IActorRef, Props> supervisorProps, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new BatchRouterActor(options, supervisorProps, time));

    /// <inheritdoc />
    protected override void PreStart() =>
        _supervisor = Context.Watch(Context.ActorOf(_supervisorProps(Self), "inference-supervisor"));

    /// <inheritdoc />
    protected override void PostStop()
    {
        foreach (var id in _requests.Keys.ToArray())
            Reject(id, new(RejectionReason.Stopping, "The service stopped before the request was served."));
        // Whoever waits for a change would wait for ever: a router that starts again knows nothing of them.
        _health.FailForGood("The service has stopped.", modelIsUnusable: false);
        TellStateChange();
        _telemetry.Dispose();
    }

    // Requests

    private void OnEmbedTexts(EmbedTexts command)
    {
        if (WhyNotAccepted(command) is { } rejection)
        {
            AnswerUnqueued(rejection);
            return;
        }

        var timeout = command.Timeout ?? _options.RequestTimeout;
        var times = new RequestTimes(Now, _time.GetUtcNow(), command.Trace);
        var request = new PendingRequest(_requestsAccepted++, command, Sender, _model?.MaxTokens ?? TextWeight.DefaultMaxTokens) { Times = times };
        if (WhyNotQueued(request, timeout) is { } reply)
        {
            AnswerUnqueued(reply);
            return;
        }

        _requests.Add(request.Id, request);
        if (_queue.IsSmall(request))
            _pace.NoteSmall(Now);
        Timers.StartSingleTimer(request.Id, new DeadlinePassed(request.Id, timeout), timeout);
        var self = Self;
        request.Cancellation = command.Cancellation.UnsafeRegister(_ => self.Tell(new CallerGone(request.Id)), null);
        Dispatch();
    }

    private EmbedRejected? WhyNotAccepted(EmbedTexts command)
    {
        if (_health.State == ServiceState.Failed)
            return new(RejectionReason.ModelFailed, _health.Reason!);
        if (command.Texts is null)
            return new(RejectionReason.InvalidRequest, "The list of texts is null.");
        if (command.Cancellation.IsCancellationRequested)
            return EmbedRejected.Cancelled;
        if (command.Timeout <= TimeSpan.Zero)
            return DeadlineExceeded("The time-out had passed on receipt.");

        for (var i = 0; i < command.Texts.Count; i++)
        {
            var text = command.Texts[i];
            if (text.IsNull)
                return new(RejectionReason.InvalidRequest, $"Text {i} is null.") { TextIndex = i };
            if (text.TokenIds is { } ids && ids.AsSpan().IndexOfAnyExceptInRange(0, (_model?.VocabularySize ?? int.MaxValue) - 1) is >= 0 and var at)
                return new(RejectionReason.InvalidRequest, $"Token id {ids[at]} of text {i} is not in the vocabulary, which has {_model?.VocabularySize} ids from 0.") { TextIndex = i };
        }

        return null;
    }

    private EmbedReply? WhyNotQueued(PendingRequest request, TimeSpan timeout)
    {
        if (request.TextCount == 0)
            return request.ToReply(request.Times.AcceptedAt);
        if (IsHopeless(request, timeout))
            return DeadlineExceeded($"The request cannot be served within {timeout} at the present rate.") with { RetryAfter = _pace.RetryAfter(_queue.QueuedTokens) };
        return _queue.TryAdd(request)
            ? null
            : new EmbedRejected(RejectionReason.Overloaded, $"The queue is full: {_queue.QueuedTexts} texts wait.") { RetryAfter = _pace.RetryAfter(_queue.QueuedTokens) };
    }

    private bool IsHopeless(PendingRequest request, TimeSpan timeout)
    {
        var batches = _queue.BatchesUntilDone(request);
        // Looking for equal texts takes time, so only where it can matter.
        return _pace.IsHopeless(batches, request.UnsentTokens, timeout) && _pace.IsHopeless(batches, request.DistinctTokens(), timeout);
    }

    private void Reject(long requestId, EmbedRejected rejection)
    {
        if (_requests.TryGetValue(requestId, out var request))
            Answer(request, rejection);
    }

    private void Answer(PendingRequest request, EmbedReply reply)
    {
        request.IsAnswered = true;
        _requests.Remove(request.Id);
        _queue.Remove(request);
        Timers.Cancel(request.Id);
        request.Cancellation.Unregister();
        try
        {
            _telemetry.OnAnswered(request, reply, Now);
        }
        finally
        {
            // Whatever a listener of the host does: the caller gets the answer.
            request.ReplyTo.Tell(reply);
        }
    }

    private void AnswerUnqueued(EmbedReply reply)
    {
        _telemetry.OnAnswered(reply);
        Sender.Tell(reply);
    }

    private void OnTokenizeTexts(TokenizeTexts command)
    {
        // While inference is being restarted, so is the tokenizer: what is sent to it then is lost.
        if (_health.State == ServiceState.Ready)
            _tokenizer.Forward(command);
        else if (_health.State == ServiceState.Failed)
            Sender.Tell(new EmbedRejected(RejectionReason.ModelFailed, _health.Reason!));
        else
            Sender.Tell(new EmbedRejected(RejectionReason.Overloaded, "The model is being loaded.") { RetryAfter = _pace.RetryAfter(0) });
    }

    // Batches

    private void Dispatch()
    {
        while (_freeWorkers.First is { Value: var worker } && _queue.CutBatch(_pace.TokensOfBigBatch(Now)) is { } batch)
        {
            _freeWorkers.RemoveFirst();
            _inFlight.Add(batch.Id, new InFlightBatch(batch, worker, Now));
            foreach (var request in batch.Requests)
                request.Times.FirstSentAt ??= Now;
            Timers.StartSingleTimer(BatchTimedOut.Key(batch.Id), new BatchTimedOut(batch.Id), _options.BatchTimeout);
            worker.Tell(batch.ToMessage());
        }
    }

    private void OnBatchEmbedded(BatchEmbedded result)
    {
        if (TakeInFlight(result.BatchId) is not var (batch, _, sentAt))
            return;

        var duration = Now - sentAt;
        _health.OnBatchEmbedded();
        _pace.Add(batch, duration);
        _telemetry.OnBatchEmbedded(batch, result, duration);
        _log.Debug("Batch {BatchId}: {Texts} texts, {Distinct} distinct, in {Duration}", batch.Id, batch.ItemCount, batch.DistinctCount, duration);

        for (var place = 0; place < batch.DistinctCount; place++)
        {
            foreach (var (request, index) in batch.WaitingAt(place))
            {
                if (request.IsAnswered)
                    continue;
                if (result.Embeddings[place].IsRefused)
                    Reject(request.Id, TooLong(index));
                else if (request.Complete(index, result.Embeddings[place]))
                    Answer(request, request.ToReply(Now));
            }
        }
    }

    private void OnBatchFailed(long batchId, string cause)
    {
        if (TakeInFlight(batchId) is not var (batch, _, _))
            return;

        _log.Warning("Batch {BatchId} of {Texts} texts failed: {Cause}", batch.Id, batch.ItemCount, cause);
        _telemetry.OnBatchFailed();
        TryAgainAlone(batch, cause);
        OnRestart(_health.OnBatchFailed(cause));
    }

    private void TryAgainAlone(Batch batch, string cause)
    {
        for (var place = 0; place < batch.DistinctCount; place++)
        {
            if (batch.DistinctCount > 1)
            {
                _queue.AddAlone(batch.WaitingAt(place));
                continue;
            }

            foreach (var (request, index) in batch.WaitingAt(place))
                Reject(request.Id, new(RejectionReason.TextFailed, $"Inference failed on text {index}: {cause}") { TextIndex = index });
        }
    }

    private void OnBatchTimedOut(BatchTimedOut timedOut)
    {
        // A thread inside the model cannot be stopped, and the only worker is on it: no later request can be served.
        if (TakeInFlight(timedOut.BatchId) is var (batch, _, _))
            FailForGood($"Inference hangs: a batch of {batch.ItemCount} texts has not come back in {_options.BatchTimeout}.", modelIsUnusable: false);
    }

    private InFlightBatch? TakeInFlight(long batchId)
    {
        // A batch that timed out or whose worker was given up may still come back: its texts are settled by then.
        if (!_inFlight.Remove(batchId, out var batch))
            return null;
        Timers.Cancel(BatchTimedOut.Key(batchId));
        return batch;
    }

    // Workers

    private void OnWorkerReady(WorkerReady ready)
    {
        Timers.Cancel(LoadTimedOut.Instance);
        if (_health.State == ServiceState.Failed)
            return;
        _model = ready.Model;
        _tokenizer = ready.Tokenizer;
        _health.OnReady();
        _log.Info("Model {Model} is ready: {Dimensions} dimensions, {MaxTokens} tokens at most", _model.Id, _model.Dimensions, _model.MaxTokens);
        TellStateChange();
    }

    private void OnWorkRequested()
    {
        Context.Watch(Sender);
        _freeWorkers.AddLast(Sender);
        Dispatch();
    }

    private void OnLoadFailed(LoadFailed failed)
    {
        Timers.Cancel(LoadTimedOut.Instance);
        if (failed.IsPermanent)
        {
            FailForGood(failed.Cause, modelIsUnusable: true);
            return;
        }

        _log.Warning("Loading the model failed: {Cause}", failed.Cause);
        OnRestart(_health.OnLoadFailed(failed.Cause));
    }

    private void OnRestart(string? whyGiveUp)
    {
        _telemetry.OnRestart();
        if (whyGiveUp is null)
            TellStateChange();
        else
            FailForGood(whyGiveUp, modelIsUnusable: false);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_supervisor))
        {
            FailForGood("The inference supervisor stopped.", modelIsUnusable: false);
            return;
        }

        _freeWorkers.Remove(terminated.ActorRef);
        foreach (var (id, _) in _inFlight.Where(b => b.Value.Worker.Equals(terminated.ActorRef)).ToArray())
            OnBatchFailed(id, "The worker stopped in the middle of the batch.");
    }

    private void FailForGood(string reason, bool modelIsUnusable)
    {
        if (_health.State == ServiceState.Failed)
            return;
        _log.Error(modelIsUnusable ? "The model cannot be used: {Reason}" : "Inference has failed for good: {Reason}", reason);
        _health.FailForGood(reason, modelIsUnusable);
        Context.Stop(_supervisor);
        foreach (var id in _inFlight.Keys.ToArray())
            TakeInFlight(id);
        foreach (var id in _requests.Keys.ToArray())
            Reject(id, new(RejectionReason.ModelFailed, reason));
        _queue.Clear();
        TellStateChange();
    }

    // Status

    private void OnAwaitStateChange(AwaitStateChange query)
    {
        if (_health.State == query.From)
            _health.Await(Sender);
        else
            Sender.Tell(Status());
    }

    private void TellStateChange()
    {
        foreach (var waiting in _health.TakeWaiting())
            waiting.Tell(Status());
    }

    private ServiceStatus Status() => new(
        _health.State, _health.Reason, _health.ModelIsUnusable, _model,
        _queue.QueuedRequests, _queue.QueuedTexts, _queue.QueuedBytes, _pace.TokensPerSecond, _telemetry.Counters);

    private static EmbedRejected DeadlineExceeded(string message) => new(RejectionReason.DeadlineExceeded, message);

    private EmbedRejected TooLong(int index) =>
        new(RejectionReason.TextTooLong, $"Text {index} has more than {_model?.MaxTokens} tokens, and truncation is off.") { TextIndex = index };

    private sealed record InFlightBatch(Batch Batch, IActorRef Worker, TimeSpan SentAt);

    private sealed record CallerGone(long RequestId);

    private sealed record DeadlinePassed(long RequestId, TimeSpan Timeout);

    private sealed record LoadTimedOut
    {
        public static readonly LoadTimedOut Instance = new();
    }

    private sealed record BatchTimedOut(long BatchId)
    {
        public static object Key(long batchId) => ("batch", batchId);
    }
}
