using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using ActorEmbed.Inference;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// An inference node: to its own <see cref="InferenceActor"/> it is the router, to the cluster's routers it is a worker.
/// It never blocks, so it answers while a batch is computed. Each router that it knows may give it one batch at a time;
/// they are computed in the order of arrival. It answers <see cref="GetStatus"/> and <see cref="AwaitStateChange"/>.
/// <para>Invariants: a batch that was taken is in <c>_waiting</c> or is <c>_current</c> until it is returned, or the node
/// has failed for good and has told all routers; <c>_current</c> is what the inference actor has, so while it is set
/// <c>_freeInference</c> is not; no router is asked for a batch while there is one of its own here, or while the model is
/// not ready for one.</para>
/// </summary>
internal sealed class InferenceNodeActor : ReceiveActor, IWithTimers
{
    private const string SupervisorName = "inference-supervisor";
    private const string BatchKey = "batch";

    // A router that has not confirmed by then is gone; what it may still send is given to another in the end.
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private readonly InferenceMemory _memory;
    private readonly SchedulingOptions _scheduling;
    private readonly ClusterOptions _options;
    private readonly Func<IActorRef, Props> _supervisorProps;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ServiceHealth _health;
    private readonly InferenceWatch _inference;
    private readonly RunTimers _timers;
    private readonly KnownRouters _routers;
    private readonly Queue<Assignment> _waiting = [];

    private IActorRef _supervisor = ActorRefs.Nobody;
    // The one that has announced itself last.
    private IActorRef? _worker;
    private IActorRef? _freeInference;
    private IActorRef? _tokenizer;
    private Assignment? _current;
    private ModelInfo? _model;
    private Departure? _departure;
    private ServiceCounters _counters = new();

    /// <param name="options">How it announces itself.</param>
    /// <param name="scheduling">When a batch counts as hung, and how failures are counted.</param>
    /// <param name="supervisorProps">The supervisor of the inference actor, whose router is the one given.</param>
    /// <param name="time">Tells whether the process ran.</param>
    /// <param name="memory">What a node that failed leaves to its successor.</param>
    public InferenceNodeActor(
        ClusterOptions options, SchedulingOptions scheduling, Func<IActorRef, Props> supervisorProps, TimeProvider time, InferenceMemory memory)
    {
        _memory = memory;
        _options = options;
        _scheduling = scheduling;
        _supervisorProps = supervisorProps;
        _health = new ServiceHealth(scheduling);
        _timers = new RunTimers(this, () => time.GetElapsedTime(startingTimestamp: 0));
        _inference = new InferenceWatch(_timers, _health, scheduling, memory, _log) { OnRestart = OnRestart, OnGivenUp = OnGivenUp };
        _routers = new KnownRouters(_cluster, Context);

        // From the inference actor of this node.
        Receive<WorkerReady>(OnReady);
        Receive<RequestWork>(_ => OnInferenceFree());
        Receive<BatchEmbedded>(OnBatchEmbedded);
        Receive<BatchFailed>(OnBatchFailed);
        Receive<LoadStarted>(_ => _inference.OnLoadStarted());
        Receive<LoadFailed>(_inference.OnLoadFailed);
        Receive<RunTimers.Elapsed>(_timers.OnElapsed);
        Receive<RunTimers.Beat>(_ => _timers.OnBeat());

        // From routers.
        Receive<EmbedBatch>(OnEmbedBatch);
        Receive<Tokenize>(OnTokenize);
        Receive<WorkerRefused>(OnRefused);
        Receive<WorkerReleased>(_ => OnReleased(routers: 1));
        Receive<ReleaseTimedOut>(_ => OnReleased(_routers.Count));

        Receive<ClusterEvent.MemberUp>(e => OnRouterUp(e.Member));
        Receive<ClusterEvent.MemberWeaklyUp>(e => OnRouterUp(e.Member));
        Receive<ClusterEvent.MemberRemoved>(e => _routers.Remove(e.Member));
        Receive<ClusterEvent.IClusterDomainEvent>(_ => { });
        Receive<Announce>(_ => AnnounceToAll());
        Receive<Drain>(_ => OnDrain());
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(query => _health.Answer(query, Sender, Status));
        Receive<Terminated>(OnTerminated);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ClusterOptions options, SchedulingOptions scheduling, Func<IActorRef, Props> supervisorProps, TimeProvider time)
    {
        var memory = new InferenceMemory();
        return Akka.Actor.Props.Create(() => new InferenceNodeActor(options, scheduling, supervisorProps, time, memory)).WithDeploy(Deploy.Local);
    }

    protected override void PreStart()
    {
        _supervisor = Context.Watch(Context.ActorOf(_supervisorProps(Self), SupervisorName));
        JoinRouters();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Unlike the base, this lets the child live: until that has ended there would be no node, and a child whose thread
        // is in a batch or in a load ends after it. Akka restarts it once the new node is there.
        _cluster.Unsubscribe(Self);
        _routers.TellAll(new WorkerLeaving("its node failed and starts again"));
        _memory.HadBatch = _current is not null;
        _health.OnOwnerRestarts(Self, Status);
        // There is nothing left to finish, and who asked for that still waits.
        if (_departure is { } departure)
            Self.Tell(Drain.Instance, departure.Asker);
    }

    protected override void PostRestart(Exception reason)
    {
        JoinRouters();
        if (!_inference.Resume())
            return;
        _supervisor = Context.Child(SupervisorName);
        if (_supervisor.IsNobody())
            _supervisor = Context.Watch(Context.ActorOf(_supervisorProps(Self), SupervisorName));
        _inference.ExpectLoad();
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        // Whoever waits for a change would wait for ever.
        _health.FailForGood("The node has stopped.", modelIsUnusable: false);
        TellStateChange();
    }

    // Inference

    private void OnReady(WorkerReady ready)
    {
        _inference.OnLoaded();
        if (_health.State == ServiceState.Failed)
            return;
        _worker = Context.Watch(Sender);
        _model = ready.Model;
        _tokenizer = ready.Tokenizer;
        _inference.OnReady();
        _log.Info("Model {Model} is ready: {Dimensions} dimensions, {MaxTokens} tokens at most", _model.Id, _model.Dimensions, _model.MaxTokens);
        AnnounceToAll();
        TellStateChange();
    }

    private void OnInferenceFree()
    {
        // One that is on its end may have asked before that.
        if (!Sender.Equals(_worker))
            return;
        _freeInference = Sender;
        StartNext();
    }

    private void StartNext()
    {
        if (_freeInference is not { } inference || !_waiting.TryDequeue(out var next))
            return;
        (_freeInference, _current) = (null, next);
        inference.Tell(next.Batch);
        // A thread inside the model cannot be stopped; the process has to go.
        _timers.Start(BatchKey, _scheduling.BatchTimeout, () => _inference.OnBatchHangs("a batch"));
    }

    private void OnBatchEmbedded(BatchEmbedded embedded)
    {
        _health.OnBatchEmbedded();
        _counters = _counters with
        {
            Batches = _counters.Batches + 1,
            Texts = _counters.Texts + embedded.Embeddings.Count,
            Tokens = _counters.Tokens + embedded.Embeddings.Sum(e => (long)e.TokenCount),
            Truncated = _counters.Truncated + embedded.Embeddings.Count(e => e.IsTruncated && !e.IsTooLong),
        };
        if (TakeBack(embedded.BatchId) is not { } router)
            return;
        router.Tell(embedded);
        // A moment before inference asks itself: the next batch is on its way by then.
        if (_departure is null)
            router.Tell(RequestWork.Instance);
        LeaveIfDone();
    }

    private void OnBatchFailed(BatchFailed failed)
    {
        _log.Warning("Batch {BatchId} failed: {Cause}", failed.BatchId, failed.Cause);
        // It is on its end; the routers are asked for work when a fresh one is ready.
        (_worker, _freeInference) = (null, null);
        TakeBack(failed.BatchId)?.Tell(failed);
        _inference.OnBatchFailed(failed.Cause);
        LeaveIfDone();
    }

    /// <summary>Takes a batch back from the inference actor. Null when it does not have it: its node was restarted.</summary>
    /// <returns>The router that gave it.</returns>
    private IActorRef? TakeBack(long batchId)
    {
        if (_current is not { } done || done.Batch.BatchId != batchId)
            return null;
        _timers.Cancel(BatchKey);
        _current = null;
        return done.Router;
    }

    private void OnTerminated(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_supervisor))
            _inference.GiveUp("The inference supervisor stopped.");
        else if (terminated.ActorRef.Equals(_worker))
            OnWorkerStopped();
    }

    /// <summary>Without a word about its batch; a fresh one is on its way.</summary>
    private void OnWorkerStopped()
    {
        (_worker, _freeInference) = (null, null);
        if (_current is { } lost)
            TakeBack(lost.Batch.BatchId)?.Tell(new WorkerLeaving("its inference stopped"));
        _inference.OnBatchFailed("the inference actor stopped");
        LeaveIfDone();
    }

    private void OnRestart()
    {
        _counters = _counters with { Restarts = _counters.Restarts + 1 };
        TellStateChange();
    }

    private void OnGivenUp(string reason)
    {
        Context.Stop(_supervisor);
        _model = null;
        _current = null;
        _waiting.Clear();
        _routers.TellAll(new WorkerLeaving(reason));
        TellStateChange();
    }

    // Routers

    private void OnRouterUp(Member member)
    {
        if (_routers.Add(member))
            AnnounceTo(member.Address);
    }

    private void AnnounceToAll()
    {
        foreach (var router in _routers.Nodes)
            AnnounceTo(router);
    }

    private void JoinRouters()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(nameof(Announce), Announce.Instance, _options.AnnounceInterval);
    }

    /// <summary>
    /// Both messages may be repeated, and have to be: either may be lost, and a router may be a new one. Neither is sent
    /// while the model is being loaded again.
    /// </summary>
    private void AnnounceTo(Address router)
    {
        if (_model is null || _health.State != ServiceState.Ready || _departure is not null)
            return;
        _routers.Tell(router, new WorkerReady(_model, Tokenizer: null));
        if (!HasBatchOf(router))
            _routers.Tell(router, RequestWork.Instance);
    }

    private bool HasBatchOf(Address router) =>
        _current is { } current && _routers.NodeOf(current.Router) == router || _waiting.Any(waiting => _routers.NodeOf(waiting.Router) == router);

    private void OnEmbedBatch(EmbedBatch batch)
    {
        if (_health.State == ServiceState.Failed)
            return;
        _routers.NoteAccepting(Sender);
        _waiting.Enqueue(new Assignment(batch, Sender));
        StartNext();
    }

    private void OnTokenize(Tokenize command)
    {
        if (_health.State == ServiceState.Ready && _tokenizer is { } tokenizer)
            tokenizer.Forward(command);
        else
            Sender.Tell(new EmbedRejected(RejectionReason.Overloaded, "The model is being loaded.") { RetryAfter = _options.AnnounceInterval });
    }

    private void OnRefused(WorkerRefused refused)
    {
        if (_routers.NoteRefusing(Sender, refused.Reason))
            _log.Error("The router at {Router} refuses this node: {Reason}", _routers.NodeOf(Sender), refused.Reason);
    }

    // Leaving

    private void OnDrain()
    {
        _departure = new Departure(Sender, _routers.Count);
        _routers.TellAll(new WorkerLeaving(Failure: null));
        Timers.StartSingleTimer(nameof(ReleaseTimedOut), ReleaseTimedOut.Instance, ReleaseTimeout);
        LeaveIfDone();
    }

    private void OnReleased(int routers)
    {
        if (_departure is null)
            return;
        _departure = _departure with { AwaitedRouters = _departure.AwaitedRouters - routers };
        LeaveIfDone();
    }

    private void LeaveIfDone()
    {
        if (_departure is { AwaitedRouters: <= 0 } departure && _current is null && _waiting.Count == 0)
            departure.Asker.Tell(Done.Instance);
    }

    // Status

    private void TellStateChange() => _health.TellChange(Status);

    private ServiceStatus Status() => new(
        _health.State, _health.Reason ?? _routers.RefusalReason, _health.ModelIsUnusable, _model,
        QueuedRequests: 0, QueuedTexts: _waiting.Sum(waiting => waiting.Batch.Texts.Count), QueuedBytes: 0, TokensPerSecond: 0, _counters);

    private sealed record Assignment(EmbedBatch Batch, IActorRef Router);

    private sealed record Departure(IActorRef Asker, int AwaitedRouters);

    private sealed record ReleaseTimedOut : INoSerializationVerificationNeeded
    {
        public static readonly ReleaseTimedOut Instance = new();
    }

    private sealed record Announce : INoSerializationVerificationNeeded
    {
        public static readonly Announce Instance = new();
    }

    /// <summary>Asks the node to finish what it has and take no more; answered with <see cref="Done"/>.</summary>
    internal sealed record Drain : INoSerializationVerificationNeeded
    {
        public static readonly Drain Instance = new();
    }
}
