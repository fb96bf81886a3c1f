using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// Has workers close their models when nobody has asked for them for a while, where they are this router's own, and open them
/// again when there is work. What came meanwhile waits in the queue, as it does at the start.
/// </summary>
/// <param name="router">Whose timer tells that the time is over. It hands <see cref="IdleElapsed"/> back to here.</param>
/// <param name="ownsWorkers">Whether they sleep when this router says so; nodes of a cluster work for others too.</param>
/// <param name="limits">When they sleep, and how large a batch is.</param>
/// <param name="queue">What waits for them.</param>
/// <param name="tokenizations">What waits for their tokenizers, or runs.</param>
/// <param name="requests">Those that have not been answered.</param>
/// <param name="workers">Who sleeps.</param>
/// <param name="health">One whose model is being restarted is left alone.</param>
/// <param name="log">The router's.</param>
/// <param name="now">The router's clock.</param>
internal sealed class ModelSleep(
    IWithTimers router, bool ownsWorkers, BatchLimits limits, RequestQueue queue, Tokenizations tokenizations, AcceptedRequests requests,
    WorkerRegistry workers, ServiceHealth health, ILoggingAdapter log, Func<TimeSpan> now)
{
    private readonly KeepAlive _keepAlive = new(limits.Options);
    private bool _isTimerRunning;
    private bool _isWanted;

    /// <summary>Whether no worker has its model in memory.</summary>
    public bool IsAsleep => workers.All.Count > 0 && workers.All.All(worker => worker.State == WorkerState.Asleep);

    /// <summary>A request was found valid, also one without texts, by which some clients load a model in advance.</summary>
    public void OnAsked(EmbedTexts command)
    {
        var isToClose = command is { Texts.Count: 0, KeepAlive: { } none } && none == TimeSpan.Zero;
        // What is closed already stays so, and its next load is another matter.
        if (isToClose && IsAsleep)
            return;
        if (command.KeepAlive is { } time)
            _keepAlive.Set(time);
        _isWanted = !isToClose;
    }

    public void OnIdleElapsed()
    {
        _isTimerRunning = false;
        Look();
    }

    /// <summary>Something has changed: looks whether it is time to wake workers, or to let them sleep.</summary>
    public void Look()
    {
        if (requests.Count > 0 || !tokenizations.IsEmpty || _isWanted)
        {
            _keepAlive.OnBusy();
            Wake();
        }
        else if (!ownsWorkers || !workers.HasFree)
        {
            _keepAlive.OnBusy();
        }
        else if (_keepAlive.OnIdle(now()) is { } left)
        {
            if (left == TimeSpan.Zero)
                Sleep();
            else if (!_isTimerRunning)
                StartTimer(left);
        }

        _isWanted = false;
    }

    /// <summary>As many as there are batches that wait, and one at least.</summary>
    private void Wake()
    {
        if (workers.HasFree)
            return;
        var batches = Math.Max(1, queue.Room.Texts / limits.Texts) - workers.All.Count(worker => worker.State == WorkerState.Waking);
        foreach (var worker in workers.All.Where(worker => worker.State == WorkerState.Asleep).Take(batches).ToArray())
        {
            log.Info("Model {Model} is opened again on {Node}", worker.Model.Id, worker.Node);
            worker.State = WorkerState.Waking;
            worker.Actor.Tell(WakeWorker.Instance);
        }
    }

    private void Sleep()
    {
        if (health.State != ServiceState.Ready)
            return;
        foreach (var worker in workers.All.Where(worker => worker.State == WorkerState.Free).ToArray())
        {
            log.Info("Nobody has asked for model {Model} on {Node} for {Time}: it is closed until somebody does", worker.Model.Id, worker.Node, _keepAlive.Time);
            workers.MarkAsleep(worker);
            worker.Actor.Tell(SleepWorker.Instance);
        }

        _keepAlive.OnClosed();
    }

    private void StartTimer(TimeSpan left)
    {
        _isTimerRunning = true;
        router.Timers.StartSingleTimer(nameof(IdleElapsed), IdleElapsed.Instance, left);
    }

    /// <summary>To the router: nobody may have asked for a while.</summary>
    internal sealed record IdleElapsed : INoSerializationVerificationNeeded
    {
        public static readonly IdleElapsed Instance = new();
    }
}
