using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// Takes requests, bounds the queue, hands batches to workers that ask for them, and answers each request exactly
/// once. Send it <see cref="EmbedTexts"/>, <see cref="EmbedTokens"/>, <see cref="RankTexts"/>, <see cref="TokenizeTexts"/>,
/// <see cref="DecodeTokens"/>, <see cref="GetStatus"/> or <see cref="AwaitStateChange"/>.
/// <para>Invariants: a request is in <c>_requests</c> from acceptance to its answer; each of its texts is in the queue,
/// in one batch of <c>_inFlight</c>, or done; a batch is in <c>_inFlight</c> until it came back, failed, timed out, or
/// its worker was lost.</para>
/// </summary>
public sealed class BatchRouterActor : ReceiveActor, IWithTimers
{
    private readonly RouterPolicy _policy;
    private readonly TimeProvider _time;
    private readonly RouterMemory _memory;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RequestQueue _queue;
    private readonly Pace _pace;
    private readonly ServiceHealth _health;
    private readonly InferenceWatch _inference;
    private readonly RouterTelemetry _telemetry;
    private readonly WorkerRegistry _workers = new();
    private readonly AcceptedRequests _requests;
    private readonly Tokenizations _tokenizations;
    private readonly TokenizingResults _tokenizing;
    private readonly InFlightBatches _inFlight;
    private readonly BatchResults _results;
    private readonly Membership _members;
    private readonly Reception _reception;
    private readonly InferenceThread.Share _thread;
    private readonly ModelSleep _sleep;
    private readonly BatchDispatch _dispatch;

    private IActorRef _child = ActorRefs.Nobody;

    internal BatchRouterActor(SchedulingOptions options, RouterPolicy policy, TimeProvider time, RouterMemory memory)
    {
        _policy = policy;
        _time = time;
        _memory = memory;
        var limits = new BatchLimits(options);
        if (memory.Model is { } known)
            limits.SuitTo(known.Device);
        _queue = new RequestQueue(limits, RouterMemory.NewFirstId(), policy.MaxBatchBytes);
        var self = Self;
        _thread = policy.Thread.Join(() => self.Tell(TurnCame.Instance));
        _pace = new Pace(limits, _thread);
        _health = new ServiceHealth(limits);
        var timers = new RunTimers(this, () => Now);
        _tokenizations = new Tokenizations(timers, _queue.Room, TokenizingPatience(options), RouterMemory.NewFirstId());
        _telemetry = new RouterTelemetry(policy.ModelName, _queue, () => QueuedRequests, new ListenerGuard(_log));
        _inference = new InferenceWatch(timers, _health, options, memory.Inference, _log) { OnRestart = OnRestart, OnGivenUp = OnGivenUp };
        _requests = new AcceptedRequests(this, _telemetry, () => Now);
        _inFlight = new InFlightBatches(timers);
        var recovery = new BatchRecovery(_queue, _requests, _inFlight, _workers, _telemetry, policy.MaxLosses, _log);
        _tokenizing = new TokenizingResults(_tokenizations, _requests, _workers, _health, memory, () => Now);
        _results = new BatchResults(
            policy, memory, _inFlight, _requests, recovery, _workers, _inference, _health, _pace, _telemetry, _log, () => Now);
        _members = new Membership(policy, limits, memory, _workers, recovery, _tokenizing, _requests, _inference, _log, () => Now);
        _dispatch = new BatchDispatch(_queue, _pace, _workers, _inFlight, _requests, policy, limits, _thread, () => Now) { OnTimedOut = OnBatchTimedOut };
        _sleep = new ModelSleep(this, policy.OwnsWorkers, limits, _queue, _tokenizations, _requests, _workers, _health, _log, () => Now);
        var admission = new Admission(_queue, _pace, policy.MaxBatchBytes);
        _reception = new Reception(options, policy, admission, _queue, _tokenizations, _pace, _health, memory, _requests, _sleep, _telemetry, time);

        ReceiveAndDispatch<EmbedTexts>(command => _reception.OnEmbedTexts(command, Sender, Self));
        ReceiveAndDispatch<EmbedTokens>(command => _reception.OnEmbedTokens(command, Sender, Self));
        ReceiveAndDispatch<RankTexts>(command => _reception.OnRankTexts(command, Sender, Self));
        ReceiveAndDispatch<TokenizeTexts>(command => _reception.OnTokenizeTexts(command, Sender, Self));
        ReceiveAndDispatch<DecodeTokens>(command => _reception.OnDecodeTokens(command, Sender, Self));
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(query => _health.Answer(query, Sender, Status));
        ReceiveAndDispatch<AcceptedRequests.CallerGone>(gone => _requests.Answer(gone.RequestId, EmbedRejected.Cancelled));
        ReceiveAndDispatch<AcceptedRequests.DeadlinePassed>(passed => _requests.Answer(
            passed.RequestId, Admission.DeadlineExceeded($"The request was not served within {passed.Timeout}.")));

        ReceiveAndDispatch<Tokenizations.Ended>(_tokenizing.OnEnded);
        Receive<WorkerReady>(OnWorkerReady);
        ReceiveFromWorkers<RequestWork>(_ => _workers.MarkFree(Sender, Now));
        Receive<BatchEmbedded>(_results.OnEmbedded);
        ReceiveFromWorkers<WorkerAsleep>(_ => _members.OnAsleep(Sender));
        ReceiveFromWorkers<BatchFailed>(_results.OnFailed);
        Receive<LoadStarted>(_ => _inference.OnLoadStarted());
        Receive<LoadFailed>(OnLoadFailed);
        Receive<ModelSleep.IdleElapsed>(_ => _sleep.OnIdleElapsed());
        Receive<WorkerLeaving>(OnWorkerLeaving);
        ReceiveFromWorkers<NodeLost>(_members.OnNodeLost);
        Receive<Terminated>(OnTerminated);
        ReceiveAndDispatch<TurnCame>(_ => { });
        Receive<RunTimers.Elapsed>(timers.OnElapsed);
        Receive<RunTimers.Beat>(_ => timers.OnBeat());
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(startingTimestamp: 0);

    private int QueuedRequests => _queue.QueuedRequests + _tokenizations.WaitingRequests;

    internal static Props Props(SchedulingOptions options, RouterPolicy policy, TimeProvider time) =>
        Akka.Actor.Props.CreateBy(new RouterProducer(options, policy, time)).WithDeploy(Deploy.Local);

    /// <inheritdoc />
    protected override void PreStart() =>
        _child = Context.Watch(Context.ActorOf(_policy.ChildProps(Self), _policy.ChildName));

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // Unlike the base, this lets the child live: until that has ended there would be no router, and a child whose
        // thread is in a batch or in a load ends after it. Akka restarts it once the new router is there.
        var rejection = new EmbedRejected(RejectionReason.Overloaded, "The router failed and was started again before the request was served. Send it once more.")
        {
            RetryAfter = _pace.RetryAfter(0),
        };
        _requests.RejectAll(rejection);
        _reception.RejectUnanswered(rejection);
        _tokenizations.Clear();
        _memory.Inference.BatchPatience = _inFlight.LongestPatience;
        _health.OnOwnerRestarts(Self, Status);
        _telemetry.Dispose();
        _thread.Leave();
    }

    /// <inheritdoc />
    protected override void PostRestart(Exception reason)
    {
        if (!_inference.Resume())
            return;
        _child = Context.Child(_policy.ChildName);
        if (_child.IsNobody())
            PreStart();
        _policy.OnRouterRestarted(_inference);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _requests.RejectAll(new(RejectionReason.Stopping, "The service stopped before the request was served."));
        _tokenizations.Clear();
        // Without this, those who wait for a change of state would never be answered.
        _health.FailForGood("The service has stopped.", modelIsUnusable: false);
        TellStateChange();
        _telemetry.Dispose();
        _thread.Leave();
    }

    // A caller waits for no longer than this.
    private static TimeSpan TokenizingPatience(SchedulingOptions options) =>
        options.RequestTimeout < WaitTimes.Longest ? options.RequestTimeout : WaitTimes.Longest;

    private void ReceiveAndDispatch<T>(Action<T> handle) => Receive<T>(message =>
    {
        handle(message);
        Dispatch();
    });

    private void ReceiveFromWorkers<T>(Action<T> handle) => Receive<T>(message =>
    {
        handle(message);
        OnWorkersChanged();
    });

    // Batches

    private void Dispatch()
    {
        _dispatch.HandOut();
        _tokenizing.Dispatch(Self);
        _sleep.Look();
        _telemetry.IsModelLoaded = _workers.HasLoaded;
    }

    private void OnBatchTimedOut(InFlightBatch late)
    {
        _results.OnTimedOut(late);
        OnWorkersChanged();
    }

    // Workers

    private void OnWorkerReady(WorkerReady ready)
    {
        _inference.OnLoaded();
        if (_health.State == ServiceState.Failed)
            return;
        Context.Watch(Sender);
        _members.OnReady(Sender, ready);
        OnWorkersChanged();
    }

    private void OnLoadFailed(LoadFailed failed)
    {
        // One that was woken is known here, and its end says nothing that this has not said.
        if (_workers.TryGet(Sender, out var worker))
            _workers.MarkSuspect(worker, failed.Cause);
        _inference.OnLoadFailed(failed);
    }

    private void OnWorkerLeaving(WorkerLeaving leaving)
    {
        _members.OnLeaving(Sender, leaving);
        OnWorkersChanged();
        Sender.Tell(WorkerReleased.Instance);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_child))
        {
            _inference.GiveUp($"The {_policy.ChildName} stopped.");
            return;
        }

        if (terminated.AddressTerminated && _members.KnowsIncarnationOf(terminated.ActorRef))
        {
            Context.Watch(terminated.ActorRef);
            return;
        }

        _members.OnStopped(terminated.ActorRef);
        OnWorkersChanged();
    }

    private void OnWorkersChanged()
    {
        _pace.Workers = Math.Max(1, _workers.ServingCount);
        _policy.OnWorkersChanged(_workers, _health);
        TellStateChange();
        Dispatch();
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
        _dispatch.GiveTurnBack();
        TellStateChange();
    }

    // Status

    private void TellStateChange() => _health.TellChange(Status);

    private ServiceStatus Status() => new(
        _health.State, _health.Reason, _health.ModelIsUnusable, _memory.Model,
        QueuedRequests, _queue.Room.Texts, _queue.Room.Bytes, _pace.TokensPerSecond, _telemetry.Counters)
    {
        Workers = [.. _workers.All.Select(worker => worker.ToStatus(Now))],
        IsAsleep = _sleep.IsAsleep,
    };

    /// <summary>To the router: the inference thread is its own for a batch.</summary>
    private sealed record TurnCame : INoSerializationVerificationNeeded
    {
        public static readonly TurnCame Instance = new();
    }
}
