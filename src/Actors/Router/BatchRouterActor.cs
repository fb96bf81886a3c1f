using System.Diagnostics;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// Takes requests, bounds the queue, hands batches to workers that ask for them, and answers each request exactly
/// once. Send it <see cref="EmbedTexts"/>, <see cref="TokenizeTexts"/>, <see cref="GetStatus"/> or
/// <see cref="AwaitStateChange"/>.
/// <para>Invariants: a request is in <c>_requests</c> from acceptance to its answer; each of its texts is in the queue,
/// in one batch of <c>_inFlight</c>, or done; a batch is in <c>_inFlight</c> until it came back, failed, timed out, or
/// its worker was lost.</para>
/// </summary>
public sealed class BatchRouterActor : ReceiveActor, IWithTimers
{
    private readonly SchedulingOptions _options;
    private readonly RouterWiring _wiring;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RequestQueue _queue;
    private readonly Pace _pace;
    private readonly Admission _admission;
    private readonly ServiceHealth _health;
    private readonly InferenceWatch _inference;
    private readonly RouterTelemetry _telemetry;
    private readonly WorkerRegistry _workers = new();
    private readonly AcceptedRequests _requests;
    private readonly Tokenizations _tokenizations;
    private readonly InFlightBatches _inFlight;

    private IActorRef _child = ActorRefs.Nobody;
    private ModelInfo? _model;
    private long _requestsAccepted;

    internal BatchRouterActor(SchedulingOptions options, RouterWiring wiring, TimeProvider time)
    {
        _options = options;
        _wiring = wiring;
        _time = time;
        _queue = new RequestQueue(options, wiring.FirstBatchId, wiring.MaxBatchBytes);
        _pace = new Pace(options);
        _admission = new Admission(_queue, _pace, wiring.MaxBatchBytes);
        _health = new ServiceHealth(options);
        _tokenizations = new Tokenizations(this, _queue.Room, TokenizingPatience(options));
        _telemetry = new RouterTelemetry(_queue, () => QueuedRequests);
        _inference = new InferenceWatch(this, _health, options, _log) { OnRestart = OnRestart, OnGivenUp = OnGivenUp };
        _requests = new AcceptedRequests(this, _telemetry, () => Now);
        _inFlight = new InFlightBatches(this);

        Receive<EmbedTexts>(OnEmbedTexts);
        Receive<TokenizeTexts>(OnTokenizeTexts);
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(query => _health.Answer(query, Sender, Status));
        Receive<AcceptedRequests.CallerGone>(gone => _requests.Answer(gone.RequestId, EmbedRejected.Cancelled));
        Receive<AcceptedRequests.DeadlinePassed>(passed => _requests.Answer(
            passed.RequestId, Admission.DeadlineExceeded($"The request was not served within {passed.Timeout}.")));

        Receive<Tokenizations.Ended>(OnTokenizingEnded);
        Receive<Tokenizations.TimedOut>(timedOut => OnTokenizerLost(timedOut.AttemptId));

        Receive<WorkerReady>(OnWorkerReady);
        Receive<RequestWork>(_ => OnWorkRequested());
        Receive<BatchEmbedded>(OnBatchEmbedded);
        Receive<BatchFailed>(failed => OnBatchFailed(failed.BatchId, failed.Cause));
        Receive<InFlightBatches.BatchTimedOut>(timedOut => OnBatchTimedOut(timedOut.BatchId));
        Receive<LoadStarted>(_ => _inference.OnLoadStarted());
        Receive<LoadFailed>(_inference.OnLoadFailed);
        Receive<InferenceWatch.LoadTimedOut>(_ => _inference.OnLoadTimedOut());
        Receive<WorkerLeaving>(OnWorkerLeaving);
        Receive<NodeLost>(OnNodeLost);
        Receive<Terminated>(OnTerminated);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(startingTimestamp: 0);

    private int QueuedRequests => _queue.QueuedRequests + _tokenizations.WaitingRequests;

    internal static Props Props(SchedulingOptions options, RouterWiring wiring, TimeProvider time) =>
        Akka.Actor.Props.CreateBy(new RouterProducer(options, wiring, time)).WithDeploy(Deploy.Local);

    /// <inheritdoc />
    protected override void PreStart() =>
        _child = Context.Watch(Context.ActorOf(_wiring.ChildProps(Self), _wiring.ChildName));

    /// <inheritdoc />
    protected override void PostStop()
    {
        _requests.RejectAll(new(RejectionReason.Stopping, "The service stopped before the request was served."));
        _tokenizations.Clear();
        // Whoever waits for a change would wait for ever: a router that starts again knows nothing of them.
        _health.FailForGood("The service has stopped.", modelIsUnusable: false);
        TellStateChange();
        _telemetry.Dispose();
    }

    // Requests

    private void OnEmbedTexts(EmbedTexts command)
    {
        if ((WhyFailed() ?? _admission.WhyInvalid(command, _model)) is { } invalid)
        {
            AnswerUnqueued(invalid);
            return;
        }

        var timeout = TimeoutOf(command.Timeout);
        var queued = new QueuedRequest(_requestsAccepted++, command.Texts, command.Normalize, command.Truncate, _model?.MaxTokens ?? TextWeight.DefaultMaxTokens);
        var request = new AcceptedEmbedding(queued, command, Sender, TimesOf(command.Trace), _queue);
        if (queued.TextCount == 0 && _model is { } model)
        {
            AnswerUnqueued(request.ToReply(model, Now));
            return;
        }

        if (_admission.TryQueue(queued, timeout, _requests.Count) is { } rejection)
        {
            AnswerUnqueued(rejection);
            return;
        }

        _requests.Add(request, timeout, Self, command.Cancellation);
        if (_queue.IsSmall(queued))
            _pace.NoteSmall(Now, queued.UnsentTokens);
        Dispatch();
    }

    private void AnswerUnqueued(EmbedReply reply)
    {
        _telemetry.OnAnswered(reply);
        Sender.Tell(reply);
    }

    private void OnTokenizeTexts(TokenizeTexts command)
    {
        if ((WhyFailed() ?? Admission.WhyInvalid(command, _model)) is { } invalid)
        {
            AnswerUnqueued(invalid);
            return;
        }

        if (_wiring.WhyNotTokenized(command) is { } reason)
        {
            AnswerUnqueued(new EmbedRejected(RejectionReason.InvalidRequest, reason));
            return;
        }

        var request = new AcceptedTokenizing(_requestsAccepted++, command, Sender, TimesOf(command.Trace), _tokenizations);
        if (_admission.TryQueue(request, _tokenizations, _requests.Count) is { } rejection)
        {
            AnswerUnqueued(rejection);
            return;
        }

        _requests.Add(request, TimeoutOf(command.Timeout), Self, command.Cancellation);
        DispatchTokenizations();
    }

    private EmbedRejected? WhyFailed() => _health.State == ServiceState.Failed ? new(RejectionReason.ModelFailed, _health.Reason!) : null;

    private TimeSpan TimeoutOf(TimeSpan? timeout) => WaitTimes.Limit(timeout ?? _options.RequestTimeout);

    private RequestTimes TimesOf(ActivityContext trace) => new(Now, _time.GetUtcNow(), trace);

    // Tokens

    // Whoever waits has given up by then.
    private static TimeSpan TokenizingPatience(SchedulingOptions options) =>
        options.RequestTimeout < WaitTimes.Longest ? options.RequestTimeout : WaitTimes.Longest;

    private void DispatchTokenizations()
    {
        // While inference is being restarted, so is the tokenizer: what is sent to it then is lost.
        if (_health.State == ServiceState.Ready)
            _tokenizations.Dispatch(_workers, Self, Now);
    }

    private void OnTokenizingEnded(Tokenizations.Ended ended)
    {
        switch (ended.Reply)
        {
            case Tokenized tokenized when _tokenizations.Take(ended.AttemptId) is { } request:
                _requests.Answer(request.Id, new TextsTokenized(_model!, tokenized.TokenIds, tokenized.Pieces));
                break;
            case EmbedRejected { Reason: RejectionReason.Overloaded }:
                _tokenizations.PutBackFromAway(ended.AttemptId);
                break;
            case EmbedRejected rejected when _tokenizations.Take(ended.AttemptId) is { } request:
                _requests.Answer(request.Id, rejected);
                break;
            default:
                OnTokenizerLost(ended.AttemptId);
                break;
        }

        DispatchTokenizations();
    }

    private void OnTokenizerLost(long attemptId)
    {
        if (_tokenizations.Take(attemptId) is { } request && !_tokenizations.TryPutBack(request))
            RejectLost(request);
        DispatchTokenizations();
    }

    private void LoseTokenizations(Worker worker)
    {
        foreach (var request in _tokenizations.Lose(worker))
            RejectLost(request);
        DispatchTokenizations();
    }

    private void RejectLost(AcceptedTokenizing request) =>
        _requests.Answer(request.Id, new EmbedRejected(RejectionReason.TextFailed, $"{request.Losses} tokenizers were lost with these texts."));

    // Batches

    private void Dispatch()
    {
        while (_workers.HasFree && _queue.CutBatch(_pace.TokensOfBigBatch(Now)) is { } batch)
        {
            var worker = _workers.TakeFree();
            _inFlight.Add(batch, worker, Now, _wiring.PatienceFor(batch, _pace, _options));
            _requests.OnSent(batch);
            worker.Actor.Tell(batch.ToMessage());
        }
    }

    private void OnBatchEmbedded(BatchEmbedded result)
    {
        if (!_inFlight.TryTake(result.BatchId, out var taken))
            return;

        var (batch, worker, sentAt) = taken;
        if (result.Embeddings.Count != batch.DistinctCount)
        {
            FailBatch(taken, $"The worker gave {result.Embeddings.Count} vectors for {batch.DistinctCount} texts.");
            return;
        }

        var duration = Now - sentAt;
        worker.OnReturned(batch.DistinctCount, Now);
        _health.OnBatchEmbedded();
        _pace.Add(batch, duration);
        _telemetry.OnBatchEmbedded(batch, result, duration);
        _log.Debug("Batch {BatchId}: {Texts} texts, {Distinct} distinct, in {Duration}", batch.Id, batch.ItemCount, batch.DistinctCount, duration);

        _requests.Complete(batch, result.Embeddings, worker.Model);
    }

    private void OnBatchFailed(long batchId, string cause)
    {
        if (_inFlight.TryTake(batchId, out var taken))
            FailBatch(taken, cause);
    }

    /// <summary>The model failed on a batch: each of its texts is tried alone, so that only the culprit is rejected.</summary>
    private void FailBatch(InFlightBatch failed, string cause)
    {
        var batch = failed.Batch;
        _log.Warning("Batch {BatchId} of {Texts} texts failed on {Node}: {Cause}", batch.Id, batch.ItemCount, failed.Worker.Node, cause);
        _telemetry.OnBatchFailed();
        failed.Worker.OnReturned(texts: 0, Now);
        TryAgainAlone(batch, batch.Losses, cause);
        if (_wiring is RouterWiring.Local)
            _inference.OnBatchFailed(cause);
        else
            Dispatch();
    }

    private void TryAgainAlone(Batch batch, int losses, string cause)
    {
        if (batch.DistinctCount == 1)
        {
            _requests.RejectText(batch, place: 0, cause);
            return;
        }

        for (var place = 0; place < batch.DistinctCount; place++)
            _queue.AddAlone(batch.WaitingAt(place), losses);
    }

    private void OnBatchTimedOut(long batchId)
    {
        if (!_inFlight.TryTake(batchId, out var taken))
            return;
        if (_wiring is RouterWiring.Remote remote)
            LoseBatch(taken, remote.MaxLosses, "its batch did not come back in time");
        else
            // A thread inside the model cannot be stopped, and the only worker is on it: no later request can be served.
            _inference.GiveUp($"Inference hangs: a batch of {taken.Batch.ItemCount} texts has not come back in {_options.BatchTimeout}.");
    }

    /// <summary>A batch went down with its worker: another gets it. What takes down worker after worker is found out, text by text.</summary>
    private void LoseBatch(InFlightBatch lost, int maxLosses, string how)
    {
        var (batch, worker, _) = lost;
        var losses = batch.Losses + 1;
        _log.Warning("Batch {BatchId} of {Texts} texts was lost on {Node}: {How}. It is given to another.", batch.Id, batch.ItemCount, worker.Node, how);
        _telemetry.OnBatchLost();
        _workers.Lose(worker, how);
        if (batch.DistinctCount > 1 ? losses * 2 >= maxLosses : losses >= maxLosses)
            TryAgainAlone(batch, losses, $"{losses} workers were lost with it.");
        else
            _queue.PutBack(batch);
        OnWorkersChanged();
        Dispatch();
    }

    private void LoseBatches(Worker worker, string how)
    {
        if (_wiring is not RouterWiring.Remote remote)
            return;
        foreach (var id in _inFlight.Of(worker))
        {
            if (_inFlight.TryTake(id, out var taken))
                LoseBatch(taken, remote.MaxLosses, how);
        }
    }

    // Workers

    private void OnWorkerReady(WorkerReady ready)
    {
        _inference.OnLoaded();
        if (_health.State == ServiceState.Failed)
            return;
        var model = ready.Model;
        var isKnown = _workers.TryGet(Sender, out var known) && known.Model == model;
        var worker = _workers.Announce(Sender, ready, Now);
        Context.Watch(Sender);
        // What nobody was answered with, and nobody has any more, binds nobody.
        var served = _workers.ServesOther(worker) || _telemetry.Counters.Batches > 0 ? _model : null;
        if (_wiring.WhyRefused(model, served, _options) is { } reason)
        {
            if (!isKnown)
                _log.Error("Inference node {Node} is refused: {Reason}", worker.Node, reason);
            _workers.Refuse(worker, reason);
            Sender.Tell(new WorkerRefused(reason));
            OnWorkersChanged();
            return;
        }

        if (model != _model)
        {
            _model = model;
            _requests.OnModel(model);
        }

        _health.OnReady();
        if (!isKnown)
            _log.Info("Model {Model} is ready on {Node}: {Dimensions} dimensions, {MaxTokens} tokens at most", model.Id, worker.Node, model.Dimensions, model.MaxTokens);
        OnWorkersChanged();
        DispatchTokenizations();
    }

    private void OnWorkRequested()
    {
        _workers.Offer(Sender, Now);
        OnWorkersChanged();
        Dispatch();
    }

    private void OnWorkerLeaving(WorkerLeaving leaving)
    {
        if (_workers.TryGet(Sender, out var worker))
        {
            _workers.Leave(worker, leaving.Failure);
            if (leaving.Failure is { } failure)
            {
                LoseBatches(worker, failure);
                LoseTokenizations(worker);
            }

            OnWorkersChanged();
        }

        Sender.Tell(WorkerReleased.Instance);
    }

    private void OnNodeLost(NodeLost lost)
    {
        foreach (var worker in _workers.On(lost.Node))
        {
            _workers.Suspect(worker, lost.How);
            LoseBatches(worker, lost.How);
            LoseTokenizations(worker);
        }

        OnWorkersChanged();
    }

    private void OnTerminated(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_child))
        {
            _inference.GiveUp($"The {_wiring.ChildName} stopped.");
            return;
        }

        if (!_workers.TryGet(terminated.ActorRef, out var worker))
            return;
        LoseBatches(worker, "its node is gone");
        _workers.Remove(worker);
        LoseTokenizations(worker);
        foreach (var id in _inFlight.Of(worker))
            OnBatchFailed(id, "The worker stopped in the middle of the batch.");
        OnWorkersChanged();
    }

    private void OnWorkersChanged()
    {
        var serving = _workers.ServingCount;
        _pace.Workers = Math.Max(1, serving);
        if (_wiring is RouterWiring.Remote)
            _health.OnServing(serving > 0, _workers.WhyRefused);
        TellStateChange();
    }

    private void OnRestart()
    {
        _telemetry.OnRestart();
        TellStateChange();
    }

    private void OnGivenUp(string reason)
    {
        Context.Stop(_child);
        _inFlight.Clear();
        _requests.RejectAll(new(RejectionReason.ModelFailed, reason));
        _queue.Clear();
        _tokenizations.Clear();
        TellStateChange();
    }

    // Status

    private void TellStateChange() => _health.TellChange(Status);

    private ServiceStatus Status() => new(
        _health.State, _health.Reason, _health.ModelIsUnusable, _model,
        QueuedRequests, _queue.Room.Texts, _queue.Room.Bytes, _pace.TokensPerSecond, _telemetry.Counters)
    {
        Workers = [.. _workers.All.Select(worker => worker.ToStatus(Now))],
    };
}
