using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;
using Akka.Event;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// What becomes of an inference actor that does not load, fails, or hangs: it is restarted by its supervisor, until its
/// owner gives it up, once and for good. The owner is the router, or the node of a cluster.
/// </summary>
/// <param name="owner">Whose timers tell that a load hangs.</param>
/// <param name="health">Counts the failures.</param>
/// <param name="options">How many there may be.</param>
/// <param name="log">The owner's.</param>
internal sealed class InferenceWatch(IWithTimers owner, ServiceHealth health, SchedulingOptions options, ILoggingAdapter log)
{
    /// <summary>Called at every restart.</summary>
    public required Action OnRestart { get; init; }

    /// <summary>Called once, with the reason, when there will be no more vectors.</summary>
    public required Action<string> OnGivenUp { get; init; }

    /// <summary>From now on <see cref="LoadTimedOut"/> will come, unless the load ends.</summary>
    public void OnLoadStarted() => owner.Timers.StartSingleTimer(LoadTimedOut.Instance, LoadTimedOut.Instance, options.LoadTimeout);

    public void OnLoaded() => owner.Timers.Cancel(LoadTimedOut.Instance);

    public void OnLoadFailed(LoadFailed failed)
    {
        owner.Timers.Cancel(LoadTimedOut.Instance);
        if (failed.IsPermanent)
        {
            GiveUp(failed.Cause, modelIsUnusable: true);
            return;
        }

        log.Warning("Loading the model failed: {Cause}", failed.Cause);
        RestartUnless(health.OnLoadFailed(failed.Cause));
    }

    public void OnLoadTimedOut() => GiveUp(ServiceHealth.LoadHangs(options.LoadTimeout));

    public void OnBatchFailed(string cause) => RestartUnless(health.OnBatchFailed(cause));

    /// <summary>Does nothing the second time.</summary>
    public void GiveUp(string reason, bool modelIsUnusable = false)
    {
        if (health.State == ServiceState.Failed)
            return;
        log.Error(modelIsUnusable ? "The model cannot be used: {Reason}" : "Inference has failed for good: {Reason}", reason);
        health.FailForGood(reason, modelIsUnusable);
        OnGivenUp(reason);
    }

    private void RestartUnless(string? whyGiveUp)
    {
        OnRestart();
        if (whyGiveUp is not null)
            GiveUp(whyGiveUp);
    }

    internal sealed record LoadTimedOut : INoSerializationVerificationNeeded
    {
        public static readonly LoadTimedOut Instance = new();
    }
}
