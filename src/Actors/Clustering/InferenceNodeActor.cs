using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// An inference node: to its own <see cref="InferenceActor"/> it is the router, to the cluster's routers it is a worker.
/// It never blocks, so it answers while a batch is computed. Each router that it knows may give it one batch at a time.
/// It answers <see cref="GetStatus"/> and <see cref="AwaitStateChange"/>.
/// </summary>
internal sealed class InferenceNodeActor : ReceiveActor, IWithTimers
{
    private const string SupervisorName = "inference-supervisor";

    private readonly InferenceMemory _memory;
    private readonly ClusterOptions _options;
    private readonly Func<IActorRef, Props> _supervisorProps;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BatchLimits _limits;
    private readonly ServiceHealth _health;
    private readonly InferenceWatch _inference;
    private readonly KnownRouters _routers;
    private readonly NodeBatches _batches;
    private readonly NodeResults _results;
    private readonly NodeDeparture _departure;
    private readonly NodeAnnouncements _announcements;
    private readonly NodeSleep _sleep;

    private IActorRef _supervisor = ActorRefs.Nobody;
    private IActorRef? _tokenizer;

    /// <param name="options">How it announces itself.</param>
    /// <param name="scheduling">When a batch counts as hung, and how failures are counted.</param>
    /// <param name="supervisorProps">The supervisor of the inference actor, whose router is the one given.</param>
    /// <param name="thread">Where its batches are computed, in turn with those of the node's other models.</param>
    /// <param name="time">Tells whether the process ran.</param>
    /// <param name="memory">What a node that failed leaves to its successor.</param>
    public InferenceNodeActor(
        ClusterOptions options, SchedulingOptions scheduling, Func<IActorRef, Props> supervisorProps, InferenceThread thread, TimeProvider time, InferenceMemory memory)
    {
        _memory = memory;
        _options = options;
        _supervisorProps = supervisorProps;
        _limits = new BatchLimits(scheduling);
        _health = new ServiceHealth(_limits);
        var now = () => time.GetElapsedTime(startingTimestamp: 0);
        var timers = new RunTimers(this, now);
        var self = Self;
        _inference = new InferenceWatch(timers, _health, scheduling, memory, _log) { OnRestart = OnRestart, OnGivenUp = OnGivenUp };
        _routers = new KnownRouters(_cluster, Context);
        _batches = new NodeBatches(_limits, timers, _inference, _routers, thread.Join(() => self.Tell(TurnCame.Instance)));
        _sleep = new NodeSleep(this, scheduling, options.AnnounceInterval, _batches, _log, now) { OnChange = () => _announcements!.ToAll() };
        _departure = new NodeDeparture(this, _routers, _batches);
        _results = new NodeResults(_batches, _departure, _sleep, _inference, _health, _log);
        _announcements = new NodeAnnouncements(this, options.AnnounceInterval, _cluster, _routers, _batches, _departure, _health) { Sleep = _sleep };

        // From the inference actor of this node.
        Receive<WorkerReady>(OnReady);
        Receive<RequestWork>(_ => OnInferenceFree());
        Receive<TurnCame>(_ => _batches.OnTurn());
        Receive<NodeSleep.Elapsed>(_ => _sleep.OnElapsed());
        Receive<BatchEmbedded>(_results.OnEmbedded);
        Receive<BatchFailed>(_results.OnFailed);
        Receive<LoadStarted>(_ => _inference.OnLoadStarted());
        Receive<LoadFailed>(OnLoadFailed);
        Receive<RunTimers.Elapsed>(timers.OnElapsed);
        Receive<RunTimers.Beat>(_ => timers.OnBeat());

        // From routers.
        Receive<EmbedBatch>(OnEmbedBatch);
        Receive<Tokenize>(OnTokenizerWork);
        Receive<Decode>(OnTokenizerWork);
        Receive<WorkerRefused>(OnRefused);
        Receive<WakeWorker>(_ => _sleep.OnWork());
        Receive<WorkerReleased>(_ => _departure.OnReleased());
        Receive<NodeDeparture.ReleaseTimedOut>(_ => _departure.OnReleaseTimedOut());

        Receive<ClusterEvent.MemberUp>(e => _announcements.OnRouterUp(e.Member));
        Receive<ClusterEvent.MemberWeaklyUp>(e => _announcements.OnRouterUp(e.Member));
        Receive<ClusterEvent.MemberRemoved>(e => _routers.Remove(e.Member));
        Receive<ClusterEvent.IClusterDomainEvent>(_ => { });
        Receive<NodeAnnouncements.Announce>(_ => _announcements.ToAll());
        Receive<Drain>(_ => _departure.Begin(Sender));
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(query => _health.Answer(query, Sender, Status));
        Receive<Terminated>(OnTerminated);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ClusterOptions options, SchedulingOptions scheduling, Func<IActorRef, Props> supervisorProps, InferenceThread thread, TimeProvider time)
    {
        var memory = new InferenceMemory();
        return Akka.Actor.Props.Create(() => new InferenceNodeActor(options, scheduling, supervisorProps, thread, time, memory)).WithDeploy(Deploy.Local);
    }

    protected override void PreStart()
    {
        _supervisor = Context.Watch(Context.ActorOf(_supervisorProps(Self), SupervisorName));
        _announcements.Start(Self);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Unlike the base, this lets the child live: until that has ended there would be no node, and a child whose thread
        // is in a batch or in a load ends after it. Akka restarts it once the new node is there.
        _cluster.Unsubscribe(Self);
        _routers.TellAll(new WorkerLeaving("its node failed and starts again"));
        _memory.BatchPatience = _batches.Patience;
        _health.OnOwnerRestarts(Self, Status);
        _batches.OnOwnerGone();
        // There is nothing left to finish, and who asked for that still waits.
        if (_departure.Asker is { } asker)
            Self.Tell(Drain.Instance, asker);
    }

    protected override void PostRestart(Exception reason)
    {
        _announcements.Start(Self);
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
        _batches.OnOwnerGone();
        TellStateChange();
    }

    // Inference

    private void OnReady(WorkerReady ready)
    {
        _inference.OnLoaded();
        if (_health.State == ServiceState.Failed)
            return;
        _batches.OnWorkerReady(Context.Watch(Sender), ready.Model.MaxTokens);
        _tokenizer = ready.Tokenizer;
        _sleep.OnReady();
        var model = ready.Model;
        _limits.SuitTo(model.Device);
        _announcements.Model = model;
        _inference.OnReady();
        _log.Info("Model {Model} is ready: {Dimensions} dimensions, {MaxTokens} tokens at most", model.Id, model.Dimensions, model.MaxTokens);
        _announcements.ToAll();
        TellStateChange();
    }

    private void OnInferenceFree()
    {
        _batches.OnInferenceFree(Sender);
        _sleep.Look();
    }

    private void OnLoadFailed(LoadFailed failed)
    {
        // Routers count on a node that they have woken.
        if (_sleep.IsWaking)
            _routers.TellAll(new WorkerLeaving(failed.Cause));
        _inference.OnLoadFailed(failed);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_supervisor))
            _inference.GiveUp("The inference supervisor stopped.");
        else if (_batches.IsWorker(terminated.ActorRef))
            _results.OnWorkerStopped();
    }

    private void OnRestart()
    {
        _results.CountRestart();
        TellStateChange();
    }

    private void OnGivenUp(string reason)
    {
        Context.Stop(_supervisor);
        _announcements.Model = null;
        _batches.Clear();
        _routers.TellAll(new WorkerLeaving(reason));
        TellStateChange();
    }

    // Routers

    private void OnEmbedBatch(EmbedBatch batch)
    {
        if (_health.State == ServiceState.Failed)
            return;
        _routers.NoteAccepting(Sender);
        _batches.Add(batch, Sender);
        // It may have been sent before its router heard that the model sleeps.
        _sleep.OnWork();
    }

    private void OnTokenizerWork(object command)
    {
        _sleep.OnWork();
        if (_health.State == ServiceState.Ready && !_sleep.IsWaking && _tokenizer is { } tokenizer)
            tokenizer.Forward(command);
        else
            Sender.Tell(new EmbedRejected(RejectionReason.Overloaded, "The model is being loaded.") { RetryAfter = _options.AnnounceInterval });
    }

    private void OnRefused(WorkerRefused refused)
    {
        if (_routers.NoteRefusing(Sender, refused.Reason))
            _log.Error("The router at {Router} refuses this node: {Reason}", _routers.NodeOf(Sender), refused.Reason);
    }

    // Status

    private void TellStateChange() => _health.TellChange(Status);

    private ServiceStatus Status() => new(
        _health.State, _health.Reason ?? _routers.RefusalReason, _health.ModelIsUnusable, _announcements.Model,
        QueuedRequests: 0, _batches.QueuedTexts, QueuedBytes: 0, TokensPerSecond: 0, _results.Counters)
    {
        IsAsleep = _sleep.IsAsleep,
    };

    private sealed record TurnCame : INoSerializationVerificationNeeded
    {
        public static readonly TurnCame Instance = new();
    }

    /// <summary>Asks the node to finish what it has and take no more; answered with <see cref="Done"/>.</summary>
    internal sealed record Drain : INoSerializationVerificationNeeded
    {
        public static readonly Drain Instance = new();
    }
}
