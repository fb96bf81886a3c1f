using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Event;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// What becomes of an inference actor that does not load, fails, or hangs: it is restarted by its supervisor, until its
/// owner gives it up, once and for good. The owner is the router, or the node of a cluster.
/// </summary>
/// <param name="timers">Tell that a load hangs.</param>
/// <param name="health">Counts the failures.</param>
/// <param name="options">How many there may be.</param>
/// <param name="memory">What an owner leaves to its successor.</param>
/// <param name="log">The owner's.</param>
internal sealed class InferenceWatch(RunTimers timers, ServiceHealth health, SchedulingOptions options, InferenceMemory memory, ILoggingAdapter log)
{
    private const string LoadKey = "load";

    /// <summary>Called at every restart.</summary>
    public required Action OnRestart { get; init; }

    /// <summary>Called once, with the reason, when there will be no more vectors.</summary>
    public required Action<string> OnGivenUp { get; init; }

    /// <summary>From now on the load counts as hung when it does not end.</summary>
    public void OnLoadStarted() =>
        timers.Start(LoadKey, options.LoadTimeout, () => GiveUp($"Loading the model hangs: it has not produced a vector in {options.LoadTimeout}."));

    public void OnLoaded() => timers.Cancel(LoadKey);

    /// <summary>The model that was loaded has been accepted.</summary>
    public void OnReady() => health.OnReady();

    public void OnLoadFailed(LoadFailed failed)
    {
        timers.Cancel(LoadKey);
        if (failed.IsPermanent)
        {
            GiveUp(failed.Cause, modelIsUnusable: true);
            return;
        }

        log.Warning("Loading the model failed: {Cause}", failed.Cause);
        var isEnough = health.OnLoadFailed(failed.Cause, out var whyGiveUp);
        OnRestart();
        if (isEnough)
            GiveUp(whyGiveUp!);
    }

    /// <summary>A batch failed, or the inference actor stopped for another reason; a fresh one is on its way.</summary>
    public void OnBatchFailed(string cause)
    {
        var isEnough = health.OnBatchFailed(cause, out var whyGiveUp);
        OnRestart();
        if (isEnough)
            GiveUp(whyGiveUp!);
    }

    /// <param name="what">That has not come back.</param>
    /// <param name="patience">How long it was waited for.</param>
    public void OnBatchHangs(string what, TimeSpan patience) => GiveUp($"Inference hangs: {what} has not come back in {patience}.");

    /// <summary>The owner was restarted. False when inference had been given up before, for good.</summary>
    public bool Resume()
    {
        if (memory.Failure is not { } failure)
            return true;
        health.FailForGood(failure.Reason, failure.ModelIsUnusable);
        return false;
    }

    /// <summary>
    /// A load is to come without anybody having asked for it: the child of an owner that was restarted is restarted too,
    /// as soon as the inference actor has ended that it had.
    /// </summary>
    public void ExpectLoad()
    {
        OnLoadStarted();
        if (memory.BatchPatience is { } patience)
            timers.Start(LoadKey, patience, () => OnBatchHangs("a batch", patience));
    }

    /// <summary>Ends inference for good, and tells the owner; a second call does nothing.</summary>
    public void GiveUp(string reason, bool modelIsUnusable = false)
    {
        if (health.State == ServiceState.Failed)
            return;
        log.Error(modelIsUnusable ? "The model cannot be used: {Reason}" : "Inference has failed for good: {Reason}", reason);
        health.FailForGood(reason, modelIsUnusable);
        memory.Failure = (reason, modelIsUnusable);
        OnGivenUp(reason);
    }
}
