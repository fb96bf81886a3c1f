using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// The state of the service as its failures make it: counts those in a row, says when to give up, and tells whoever
/// waits for a change.
/// </summary>
internal sealed class ServiceHealth(BatchLimits limits)
{
    private readonly List<(IActorRef Actor, ServiceState Knows)> _waiting = [];
    private int _failedLoads;
    private int _failedBatches;

    public ServiceState State { get; private set; } = ServiceState.Loading;

    public string? Reason { get; private set; }

    public bool ModelIsUnusable { get; private set; }

    /// <summary>The model has produced its first vector. The count of failed batches stays until a real batch succeeds.</summary>
    public void OnReady()
    {
        _failedLoads = 0;
        if (State == ServiceState.Loading)
            (State, Reason) = (ServiceState.Ready, null);
    }

    /// <summary>Workers on other nodes come and go.</summary>
    /// <param name="isAny">Whether requests can count on one.</param>
    /// <param name="whyRefused">Why one was refused, where one was.</param>
    public void OnServing(bool isAny, string? whyRefused)
    {
        if (State != ServiceState.Failed)
            (State, Reason) = isAny ? (ServiceState.Ready, null) : (ServiceState.Loading, NoneIsReady(whyRefused));
    }

    public void OnBatchEmbedded() => _failedBatches = 0;

    /// <summary>Whether so many have failed in a row that it is time to give up.</summary>
    public bool OnBatchFailed(string cause, [NotNullWhen(true)] out string? whyGiveUp)
    {
        OnRestart(cause);
        whyGiveUp = ++_failedBatches < limits.FailedBatches ? null : $"{_failedBatches} batches failed in a row, the last one: {cause}";
        return whyGiveUp is not null;
    }

    /// <summary>Whether so many have failed in a row that it is time to give up.</summary>
    public bool OnLoadFailed(string cause, [NotNullWhen(true)] out string? whyGiveUp)
    {
        OnRestart(cause);
        whyGiveUp = ++_failedLoads < limits.Options.MaxFailedLoads ? null : $"The model could not be loaded in {_failedLoads} attempts, the last one: {cause}";
        return whyGiveUp is not null;
    }

    public void FailForGood(string reason, bool modelIsUnusable) =>
        (State, Reason, ModelIsUnusable) = (ServiceState.Failed, reason, modelIsUnusable);

    /// <summary>
    /// The actor whose state this is is being restarted: who knows another state is told that it is loading, who knows
    /// that waits on with its successor.
    /// </summary>
    /// <param name="successor">Has the mailbox of the one that is restarted.</param>
    /// <param name="status">As it is then.</param>
    public void OnOwnerRestarts(IActorRef successor, Func<ServiceStatus> status)
    {
        OnRestart("the actor in charge of it failed");
        TellChange(status);
        foreach (var (actor, knows) in _waiting)
            successor.Tell(new AwaitStateChange(knows), actor);
    }

    /// <summary>Answers at once when the state is another than the asker knows, otherwise as soon as it is.</summary>
    public void Answer(AwaitStateChange query, IActorRef asker, Func<ServiceStatus> status)
    {
        if (State == query.From)
            _waiting.Add((asker, State));
        else
            asker.Tell(status());
    }

    /// <summary>Answers everyone who knows another state than the present one, and forgets them.</summary>
    public void TellChange(Func<ServiceStatus> status)
    {
        foreach (var (actor, _) in _waiting.Where(w => w.Knows != State).ToArray())
            actor.Tell(status());
        _waiting.RemoveAll(w => w.Knows != State);
    }

    private static string NoneIsReady(string? whyRefused) =>
        whyRefused is null ? "No inference node is ready." : $"No inference node is ready, and one is refused: {whyRefused}";

    private void OnRestart(string cause)
    {
        if (State != ServiceState.Failed)
            (State, Reason) = (ServiceState.Loading, $"Inference is being restarted after a failure: {cause}");
    }
}
