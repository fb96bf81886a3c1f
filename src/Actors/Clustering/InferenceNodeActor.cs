using ActorEmbed.Actors.Messages;
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
/// </summary>
internal sealed class InferenceNodeActor : ReceiveActor, IWithTimers
{
    // A router that has not confirmed by then is gone; what it may still send is given to another in the end.
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private readonly SchedulingOptions _scheduling;
    private readonly ClusterOptions _options;
    private readonly Func<IActorRef, Props> _supervisorProps;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ServiceHealth _health;
    private readonly Dictionary<Address, string?> _routers = [];
    private readonly Queue<Assignment> _waiting = [];

    private IActorRef _supervisor = ActorRefs.Nobody;
    private IActorRef? _freeInference;
    private IActorRef? _tokenizer;
    private Assignment? _current;
    private ModelInfo? _model;
    private Departure? _departure;
    private ServiceCounters _counters = new();

    public InferenceNodeActor(ClusterOptions options, SchedulingOptions scheduling, Func<IActorRef, Props> supervisorProps)
    {
        _options = options;
        _scheduling = scheduling;
        _supervisorProps = supervisorProps;
        _health = new ServiceHealth(scheduling);

        // From the inference actor of this node.
        Receive<WorkerReady>(OnReady);
        Receive<RequestWork>(_ => OnInferenceFree());
        Receive<BatchEmbedded>(OnBatchEmbedded);
        Receive<BatchFailed>(OnBatchFailed);
        Receive<LoadStarted>(_ => Timers.StartSingleTimer(nameof(LoadHangs), LoadHangs.Instance, _scheduling.LoadTimeout));
        Receive<LoadFailed>(OnLoadFailed);
        Receive<LoadHangs>(_ => FailForGood(ServiceHealth.LoadHangs(_scheduling.LoadTimeout), modelIsUnusable: false));
        Receive<BatchHangs>(OnBatchHangs);

        // From routers.
        Receive<EmbedBatch>(OnEmbedBatch);
        Receive<TokenizeTexts>(OnTokenizeTexts);
        Receive<WorkerRefused>(OnRefused);
        Receive<WorkerReleased>(_ => OnReleased(routers: 1));
        Receive<ReleaseTimedOut>(_ => OnReleased(_routers.Count));

        Receive<ClusterEvent.MemberUp>(e => OnRouterUp(e.Member));
        Receive<ClusterEvent.MemberWeaklyUp>(e => OnRouterUp(e.Member));
        Receive<ClusterEvent.MemberRemoved>(OnMemberRemoved);
        Receive<ClusterEvent.IClusterDomainEvent>(_ => { });
        Receive<Announce>(_ => AnnounceToAll());
        Receive<Drain>(_ => OnDrain());
        Receive<GetStatus>(_ => Sender.Tell(Status()));
        Receive<AwaitStateChange>(OnAwaitStateChange);
        Receive<Terminated>(_ => FailForGood("The inference supervisor stopped.", modelIsUnusable: false));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ClusterOptions options, SchedulingOptions scheduling, Func<IActorRef, Props> supervisorProps) =>
        Akka.Actor.Props.Create(() => new InferenceNodeActor(options, scheduling, supervisorProps)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        _supervisor = Context.Watch(Context.ActorOf(_supervisorProps(Self), "inference-supervisor"));
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(nameof(Announce), Announce.Instance, _options.AnnounceInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    // Inference

    private void OnReady(WorkerReady ready)
    {
        Timers.Cancel(nameof(LoadHangs));
        if (_health.State == ServiceState.Failed)
            return;
        _model = ready.Model;
        _tokenizer = ready.Tokenizer;
        _health.OnReady();
        _log.Info("Model {Model} is ready: {Dimensions} dimensions, {MaxTokens} tokens at most", _model.Id, _model.Dimensions, _model.MaxTokens);
        AnnounceToAll();
        TellStateChange();
    }

    private void OnInferenceFree()
    {
        _freeInference = Sender;
        StartNext();
    }

    private void StartNext()
    {
        if (_freeInference is not { } inference || !_waiting.TryDequeue(out var next))
            return;
        (_freeInference, _current) = (null, next);
        inference.Tell(next.Batch);
        Timers.StartSingleTimer(nameof(BatchHangs), new BatchHangs(next.Batch.BatchId), _scheduling.BatchTimeout);
    }

    private void OnBatchEmbedded(BatchEmbedded embedded)
    {
        _health.OnBatchEmbedded();
        _counters = _counters with
        {
            Batches = _counters.Batches + 1,
            Texts = _counters.Texts + embedded.Embeddings.Count,
            Tokens = _counters.Tokens + embedded.Embeddings.Sum(e => (long)e.TokenCount),
            Truncated = _counters.Truncated + embedded.Embeddings.Count(e => e.IsTruncated && !e.IsRefused),
        };
        Return(embedded);
    }

    private void OnBatchFailed(BatchFailed failed)
    {
        _log.Warning("Batch {BatchId} failed: {Cause}", failed.BatchId, failed.Cause);
        Return(failed);
        OnRestart(_health.OnBatchFailed(failed.Cause));
    }

    private void Return(object result)
    {
        Timers.Cancel(nameof(BatchHangs));
        if (_current is not { } done)
            return;
        _current = null;
        done.Router.Tell(result);
        if (_departure is null)
            done.Router.Tell(RequestWork.Instance);
        LeaveIfDone();
    }

    private void OnLoadFailed(LoadFailed failed)
    {
        Timers.Cancel(nameof(LoadHangs));
        if (failed.IsPermanent)
        {
            FailForGood(failed.Cause, modelIsUnusable: true);
            return;
        }

        _log.Warning("Loading the model failed: {Cause}", failed.Cause);
        OnRestart(_health.OnLoadFailed(failed.Cause));
    }

    private void OnBatchHangs(BatchHangs hangs)
    {
        // A thread inside the model cannot be stopped; the process has to go.
        if (_current?.Batch.BatchId == hangs.BatchId)
            FailForGood($"Inference hangs: a batch has not come back in {_scheduling.BatchTimeout}.", modelIsUnusable: false);
    }

    private void OnRestart(string? whyGiveUp)
    {
        _counters = _counters with { Restarts = _counters.Restarts + 1 };
        if (whyGiveUp is null)
            TellStateChange();
        else
            FailForGood(whyGiveUp, modelIsUnusable: false);
    }

    private void FailForGood(string reason, bool modelIsUnusable)
    {
        if (_health.State == ServiceState.Failed)
            return;
        _log.Error(modelIsUnusable ? "The model cannot be used: {Reason}" : "Inference has failed for good: {Reason}", reason);
        _health.FailForGood(reason, modelIsUnusable);
        Context.Stop(_supervisor);
        _model = null;
        _current = null;
        _waiting.Clear();
        TellRouters(new WorkerLeaving(reason));
        TellStateChange();
    }

    // Routers

    private void OnRouterUp(Member member)
    {
        if (!member.HasRole(ClusterHosting.RouterRole) || !_routers.TryAdd(member.Address, null))
            return;
        AnnounceTo(member.Address);
    }

    private void OnMemberRemoved(ClusterEvent.MemberRemoved removed)
    {
        // A router that was started again has the same address and is another member.
        if (!_cluster.State.Members.Any(m => m.Address == removed.Member.Address && m.HasRole(ClusterHosting.RouterRole)))
            _routers.Remove(removed.Member.Address);
    }

    private void AnnounceToAll()
    {
        foreach (var router in _routers.Keys)
            AnnounceTo(router);
    }

    /// <summary>Both messages may be repeated, and have to be: either may be lost, and a router may be a new one.</summary>
    private void AnnounceTo(Address router)
    {
        if (_model is null || _departure is not null)
            return;
        RouterAt(router).Tell(new WorkerReady(_model, Tokenizer: null));
        if (!HasBatchOf(router))
            RouterAt(router).Tell(RequestWork.Instance);
    }

    private bool HasBatchOf(Address router) =>
        _current is { } current && AddressOf(current.Router) == router || _waiting.Any(waiting => AddressOf(waiting.Router) == router);

    private Address AddressOf(IActorRef router) => router.Path.Address.HasGlobalScope ? router.Path.Address : _cluster.SelfAddress;

    private ActorSelection RouterAt(Address node) =>
        Context.ActorSelection(new RootActorPath(node == _cluster.SelfAddress ? Self.Path.Address : node) / "user" / ClusterHosting.RouterName);

    private void TellRouters(object message)
    {
        foreach (var router in _routers.Keys)
            RouterAt(router).Tell(message);
    }

    private void OnEmbedBatch(EmbedBatch batch)
    {
        if (_health.State == ServiceState.Failed)
            return;
        _routers[AddressOf(Sender)] = null;
        _waiting.Enqueue(new Assignment(batch, Sender));
        StartNext();
    }

    private void OnTokenizeTexts(TokenizeTexts command)
    {
        if (_health.State == ServiceState.Ready && _tokenizer is { } tokenizer)
            tokenizer.Forward(command);
        else
            Sender.Tell(new EmbedRejected(RejectionReason.Overloaded, "The model is being loaded.") { RetryAfter = _options.AnnounceInterval });
    }

    private void OnRefused(WorkerRefused refused)
    {
        var router = AddressOf(Sender);
        if (_routers.TryGetValue(router, out var known) && known == refused.Reason)
            return;
        _routers[router] = refused.Reason;
        _log.Error("The router at {Router} refuses this node: {Reason}", router, refused.Reason);
    }

    // Leaving

    private void OnDrain()
    {
        _departure = new Departure(Sender, _routers.Count);
        TellRouters(new WorkerLeaving(Failure: null));
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
        _health.State, _health.Reason ?? _routers.Values.FirstOrDefault(reason => reason is not null), _health.ModelIsUnusable, _model,
        QueuedRequests: 0, QueuedTexts: _waiting.Sum(waiting => waiting.Batch.Texts.Count), QueuedBytes: 0, TokensPerSecond: 0, _counters);

    private sealed record Assignment(EmbedBatch Batch, IActorRef Router);

    private sealed record Departure(IActorRef Asker, int AwaitedRouters);

    private sealed record ReleaseTimedOut : INoSerializationVerificationNeeded
    {
        public static readonly ReleaseTimedOut Instance = new();
    }

    private sealed record BatchHangs(long BatchId) : INoSerializationVerificationNeeded;

    private sealed record LoadHangs : INoSerializationVerificationNeeded
    {
        public static readonly LoadHangs Instance = new();
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
