using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// An inference node closes its model when no router has given it anything for a while. It tells them first, and waits whether a
/// batch is on its way; who has work then wakes it.
/// </summary>
/// <param name="owner">The node's actor. It hands <see cref="Elapsed"/> back to here.</param>
/// <param name="scheduling">When it does so.</param>
/// <param name="warning">Between telling the routers and closing the model.</param>
/// <param name="batches">What they have given.</param>
/// <param name="log">The node's.</param>
/// <param name="now">The node's clock.</param>
internal sealed class NodeSleep(IWithTimers owner, SchedulingOptions scheduling, TimeSpan warning, NodeBatches batches, ILoggingAdapter log, Func<TimeSpan> now)
{
    private readonly KeepAlive _keepAlive = new(scheduling);
    private Stage _stage = Stage.Awake;

    private enum Stage
    {
        Awake,

        /// <summary>The routers have been told.</summary>
        Drowsy,
        Asleep,
        Waking,
    }

    /// <summary>Called when the routers are to hear how things stand.</summary>
    public required Action OnChange { get; init; }

    /// <summary>Whether routers have to wake it before they give it a batch.</summary>
    public bool IsAsleep => _stage is Stage.Drowsy or Stage.Asleep;

    /// <summary>Whether it opens its model: nothing is told until that has ended.</summary>
    public bool IsWaking => _stage == Stage.Waking;

    /// <summary>The model has been opened.</summary>
    public void OnReady() => _stage = Stage.Awake;

    /// <summary>A router has given it something, or wakes it.</summary>
    public void OnWork()
    {
        _keepAlive.OnBusy();
        if (_stage == Stage.Asleep)
        {
            _stage = Stage.Waking;
            log.Info("The model is opened again");
            batches.Worker?.Tell(WakeWorker.Instance);
        }
        else if (_stage == Stage.Drowsy)
        {
            _stage = Stage.Awake;
            OnChange();
        }

        Look();
    }

    /// <summary>Looks from time to time whether it may sleep; nothing has to be exact to the second.</summary>
    public void Look()
    {
        if (scheduling.UnloadAfter is null || _stage is Stage.Asleep or Stage.Waking)
            return;
        if (!batches.IsIdle)
            _keepAlive.OnBusy();
        else if (_stage == Stage.Awake && _keepAlive.OnIdle(now()) is { } left)
            Start(left);
    }

    public void OnElapsed()
    {
        if (!batches.IsIdle)
        {
            Look();
        }
        else if (_stage == Stage.Drowsy)
        {
            _stage = Stage.Asleep;
            log.Info("No router has asked for the model for {Time}: it is closed until one does", scheduling.UnloadAfter);
            batches.OnSleep();
            batches.Worker!.Tell(SleepWorker.Instance);
        }
        else if (_stage == Stage.Awake && _keepAlive.OnIdle(now()) is { } left)
        {
            if (left == TimeSpan.Zero)
                BeDrowsy();
            else
                Start(left);
        }
    }

    private void BeDrowsy()
    {
        _stage = Stage.Drowsy;
        OnChange();
        Start(warning);
    }

    private void Start(TimeSpan time) => owner.Timers.StartSingleTimer(nameof(Elapsed), Elapsed.Instance, time);

    /// <summary>To the node's actor: no router may have asked for a while.</summary>
    internal sealed record Elapsed : INoSerializationVerificationNeeded
    {
        public static readonly Elapsed Instance = new();
    }
}
