using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors;

/// <summary>
/// Takes requests, bounds the queue, hands batches to workers that ask for them, and answers each request exactly
/// once. Send it <see cref="EmbedTexts"/> or <see cref="GetStatus"/>.
/// <para>Invariants: a request is in <c>_requests</c> from acceptance to its answer; each of its texts is in the
/// queue, in one batch of <c>_inFlight</c>, or done; a batch is in <c>_inFlight</c> until it came back, failed,
/// timed out, or its worker stopped.</para>
/// </summary>
public sealed class BatchRouterActor : ReceiveActor, IWithTimers
{
    private readonly SchedulingOptions _options;
    private readonly Func<IActorRef, Props> _supervisorProps;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RequestQueue _queue;
    private readonly Dictionary<long, PendingRequest> _requests = [];
    private readonly Dictionary<long, InFlightBatch> _inFlight = [];
    private readonly Queue<IActorRef> _freeWorkers = [];
    private readonly ThroughputMeter _throughput = new();
    private readonly List<IActorRef> _awaitingStateChange = [];

    private IActorRef _supervisor = ActorRefs.Nobody;
    private ServiceState _state = ServiceState.Loading;
    private string? _reason;
    private bool _modelIsUnusable;
    private ModelInfo? _model;
    private ServiceCounters _counters = new();
    private long _requestsAccepted;
    private int _failedLoads;
    private int _failedBatches;

    /// <summary>Wired by <see cref="ActorEmbedHosting.WithActorEmbed"/>.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="supervisorProps">The supervisor of the worker, given the router that it works for.</param>
    public BatchRouterActor(SchedulingOptions options, Func<IActorRef, Props> supervisorProps)
    {
        _options = options;
        _supervisorProps = supervisorProps;
        _queue = new RequestQueue(options);

        Receive<EmbedTexts>(Accept);
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(OnAwaitStateChange);
        Receive<CallerGone>(gone => Reject(gone.RequestId, RejectionReason.Cancelled, "The caller cancelled."));
        Receive<DeadlinePassed>(passed => Reject(passed.RequestId, RejectionReason.DeadlineExceeded, passed.Message));

        Receive<WorkerReady>(ready => OnReady(ready.Model));
        Receive<RequestWork>(_ => OnWorkRequested());
        Receive<BatchEmbedded>(OnEmbedded);
        Receive<BatchFailed>(OnFailed);
        Receive<LoadFailed>(OnLoadFailed);
        Receive<BatchTimedOut>(OnTimedOut);
        Receive<Terminated>(OnTerminated);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    internal static Props Props(SchedulingOptions options, Func<IActorRef, Props> supervisorProps) =>
        Akka.Actor.Props.Create(() => new BatchRouterActor(options, supervisorProps));

    /// <inheritdoc />
    protected override void PreStart() =>
        _supervisor = Context.Watch(Context.ActorOf(_supervisorProps(Self), "inference-supervisor"));

    /// <inheritdoc />
    protected override void PostStop()
    {
        foreach (var id in _requests.Keys.ToArray())
            Reject(id, RejectionReason.Stopping, "The service stopped before the request was served.");
    }

    private void Accept(EmbedTexts command)
    {
        if (Refuse(command) is { } rejection)
        {
            _counters = _counters with { Rejected = _counters.Rejected + 1 };
            Sender.Tell(rejection);
            return;
        }

        var request = new PendingRequest(_requestsAccepted++, command, Sender);
        if (command.Texts.Count == 0)
        {
            Answer(request, request.ToReply());
            return;
        }

        if (!_queue.TryAdd(request))
        {
            Answer(request, new EmbedRejected(RejectionReason.Overloaded, $"The queue is full: {_queue.QueuedTexts} texts wait.")
            {
                RetryAfter = _throughput.TimeFor(_queue.QueuedTexts),
            });
            return;
        }

        _requests.Add(request.Id, request);
        var timeout = command.Timeout ?? _options.RequestTimeout;
        Timers.StartSingleTimer(request.Id, new DeadlinePassed(request.Id, timeout), timeout);
        var self = Self;
        request.Cancellation = command.Cancellation.UnsafeRegister(_ => self.Tell(new CallerGone(request.Id)), null);
        Dispatch();
    }

    private EmbedRejected? Refuse(EmbedTexts command)
    {
        if (command.Timeout <= TimeSpan.Zero)
            return new(RejectionReason.DeadlineExceeded, "The time-out had passed on receipt.");
        if (_state == ServiceState.Failed)
            return new(RejectionReason.ModelFailed, _reason!);

        for (var i = 0; i < command.Texts.Count; i++)
        {
            if (command.Texts[i] is null)
                return new(RejectionReason.InvalidRequest, $"Text {i} is null.") { TextIndex = i };
        }

        return null;
    }

    private void Dispatch()
    {
        while (_freeWorkers.TryPeek(out var worker) && _queue.CutBatch() is { } batch)
        {
            _freeWorkers.Dequeue();
            _inFlight.Add(batch.Id, new InFlightBatch(batch, worker, Now));
            Timers.StartSingleTimer(BatchTimedOut.Key(batch.Id), new BatchTimedOut(batch.Id), _options.BatchTimeout);
            worker.Tell(batch.ToMessage());
        }
    }

    private void OnReady(ModelInfo model)
    {
        _model = model;
        _queue.MaxTokensPerText = model.MaxTokens;
        _failedLoads = 0;
        ChangeState(ServiceState.Ready, null);
        _log.Info("Model {Model} is ready: {Dimensions} dimensions, {MaxTokens} tokens at most", model.Id, model.Dimensions, model.MaxTokens);
    }

    private void OnWorkRequested()
    {
        Context.Watch(Sender);
        _freeWorkers.Enqueue(Sender);
        Dispatch();
    }

    private void OnEmbedded(BatchEmbedded result)
    {
        if (TakeInFlight(result.BatchId) is not var (batch, _, sentAt))
            return;

        _failedBatches = 0;
        _throughput.Add(batch.ItemCount, Now - sentAt);
        _counters = _counters with
        {
            Batches = _counters.Batches + 1,
            Texts = _counters.Texts + batch.ItemCount,
            Tokens = _counters.Tokens + result.Embeddings.Sum(e => e.TokenCount),
            Truncated = _counters.Truncated + result.Embeddings.Count(e => e.IsTruncated),
        };
        _log.Debug("Batch {BatchId}: {Texts} texts, {Distinct} distinct, in {Duration}", batch.Id, batch.ItemCount, batch.DistinctCount, Now - sentAt);

        for (var place = 0; place < batch.DistinctCount; place++)
        {
            foreach (var (request, index) in batch.WaitingAt(place))
            {
                if (!request.IsAnswered && request.Complete(index, result.Embeddings[place]))
                    Answer(request, request.ToReply());
            }
        }
    }

    private void OnFailed(BatchFailed failed)
    {
        if (TakeInFlight(failed.BatchId) is not var (batch, _, _))
            return;

        _failedBatches++;
        _log.Warning("Batch {BatchId} of {Texts} texts failed: {Cause}", batch.Id, batch.ItemCount, failed.Cause);
        OnWorkerFailed(failed.Cause);
        TryAgainAlone(batch, failed.Cause);
        if (_failedBatches >= _options.MaxFailedBatches)
            FailForGood($"{_failedBatches} batches failed in a row, the last one: {failed.Cause}", modelIsUnusable: false);
    }

    private void OnLoadFailed(LoadFailed failed)
    {
        _failedLoads++;
        if (failed.IsPermanent)
        {
            FailForGood(failed.Cause, modelIsUnusable: true);
            return;
        }

        _log.Warning("Loading the model failed ({Attempt} in a row): {Cause}", _failedLoads, failed.Cause);
        OnWorkerFailed(failed.Cause);
        if (_failedLoads >= _options.MaxFailedLoads)
            FailForGood($"The model could not be loaded in {_failedLoads} attempts, the last one: {failed.Cause}", modelIsUnusable: false);
    }

    private void OnTimedOut(BatchTimedOut timedOut)
    {
        if (TakeInFlight(timedOut.BatchId) is not var (batch, _, _))
            return;

        // A thread inside the model cannot be stopped, and the only worker is on it: no later request can be served.
        FailForGood($"Inference hangs: a batch of {batch.ItemCount} texts has not come back in {_options.BatchTimeout}.", modelIsUnusable: false);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_supervisor))
        {
            FailForGood(_reason ?? "The inference supervisor stopped.", modelIsUnusable: false);
            return;
        }

        var free = _freeWorkers.Where(worker => !worker.Equals(terminated.ActorRef)).ToArray();
        _freeWorkers.Clear();
        foreach (var worker in free)
            _freeWorkers.Enqueue(worker);
        foreach (var (id, _) in _inFlight.Where(b => b.Value.Worker.Equals(terminated.ActorRef)).ToArray())
            OnFailed(new BatchFailed(id, "The worker stopped in the middle of the batch."));
    }

    private void OnWorkerFailed(string cause)
    {
        if (_state == ServiceState.Failed)
            return;
        ChangeState(ServiceState.Loading, $"Inference is being restarted after a failure: {cause}");
        _counters = _counters with { Restarts = _counters.Restarts + 1 };
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
                Reject(request.Id, RejectionReason.TextFailed, $"Inference failed on text {index}: {cause}", index);
        }
    }

    private void FailForGood(string reason, bool modelIsUnusable)
    {
        if (_state == ServiceState.Failed)
            return;
        _log.Error(modelIsUnusable ? "The model cannot be used: {Reason}" : "Inference has failed for good: {Reason}", reason);
        _modelIsUnusable = modelIsUnusable;
        ChangeState(ServiceState.Failed, reason);
        Context.Stop(_supervisor);
        foreach (var id in _inFlight.Keys.ToArray())
            TakeInFlight(id);
        foreach (var id in _requests.Keys.ToArray())
            Reject(id, RejectionReason.ModelFailed, reason);
        _queue.Clear();
    }

    private void OnAwaitStateChange(AwaitStateChange query)
    {
        if (_state != query.From)
            Sender.Tell(Status());
        else
            _awaitingStateChange.Add(Sender);
    }

    private void ChangeState(ServiceState state, string? reason)
    {
        var isChange = state != _state;
        (_state, _reason) = (state, reason);
        if (!isChange)
            return;
        foreach (var waiting in _awaitingStateChange)
            waiting.Tell(Status());
        _awaitingStateChange.Clear();
    }

    private InFlightBatch? TakeInFlight(long batchId)
    {
        // A batch that timed out or whose worker was given up may still come back: its texts are settled by then.
        if (!_inFlight.Remove(batchId, out var batch))
            return null;
        Timers.Cancel(BatchTimedOut.Key(batchId));
        return batch;
    }

    private void Reject(long requestId, RejectionReason reason, string message, int? textIndex = null)
    {
        if (!_requests.TryGetValue(requestId, out var request))
            return;
        _queue.Remove(request);
        Answer(request, new EmbedRejected(reason, message) { TextIndex = textIndex });
    }

    private void Answer(PendingRequest request, EmbedReply reply)
    {
        request.IsAnswered = true;
        _requests.Remove(request.Id);
        Timers.Cancel(request.Id);
        request.Cancellation.Unregister();
        _counters = reply is TextsEmbedded
            ? _counters with { Answered = _counters.Answered + 1 }
            : _counters with { Rejected = _counters.Rejected + 1 };
        request.ReplyTo.Tell(reply);
    }

    private ServiceStatus Status() => new(
        _state, _reason, _modelIsUnusable, _model, _queue.QueuedRequests, _queue.QueuedTexts, _queue.QueuedBytes, _counters);

    private sealed record InFlightBatch(Batch Batch, IActorRef Worker, TimeSpan SentAt);

    private sealed record CallerGone(long RequestId);

    private sealed record DeadlinePassed(long RequestId, TimeSpan Timeout)
    {
        public string Message => $"The request was not served within {Timeout}.";
    }

    private sealed record BatchTimedOut(long BatchId)
    {
        public static object Key(long batchId) => ("batch", batchId);
    }
}
