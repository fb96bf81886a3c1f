using ActorEmbed.Actors.Messages;
using Akka.Actor;

namespace ActorEmbed.Actors;

/// <summary>
/// The state of the service as its failures make it: counts those in a row, says when to give up, and tells whoever
/// waits for a change.
/// </summary>
internal sealed class ServiceHealth(SchedulingOptions options)
{
    private readonly List<(IActorRef Actor, ServiceState Knows)> _waiting = [];
    private int _failedLoads;
    private int _failedBatches;

    public ServiceState State { get; private set; } = ServiceState.Loading;

    public string? Reason { get; private set; }

    public bool ModelIsUnusable { get; private set; }

    /// <summary>The model has produced a vector; it has yet to show that it survives real batches.</summary>
    public void OnReady()
    {
        _failedLoads = 0;
        if (State == ServiceState.Loading)
            (State, Reason) = (ServiceState.Ready, null);
    }

    /// <summary>Workers on other nodes come and go: whether there is any.</summary>
    public void OnServing(bool isAny)
    {
        if (State != ServiceState.Failed)
            (State, Reason) = isAny ? (ServiceState.Ready, null) : (ServiceState.Loading, "No inference node is ready.");
    }

    public void OnBatchEmbedded() => _failedBatches = 0;

    /// <summary>Null, or why to give up.</summary>
    public string? OnBatchFailed(string cause)
    {
        OnRestart(cause);
        return ++_failedBatches < options.MaxFailedBatches ? null : $"{_failedBatches} batches failed in a row, the last one: {cause}";
    }

    /// <summary>Null, or why to give up.</summary>
    public string? OnLoadFailed(string cause)
    {
        OnRestart(cause);
        return ++_failedLoads < options.MaxFailedLoads ? null : $"The model could not be loaded in {_failedLoads} attempts, the last one: {cause}";
    }

    /// <summary>Why to give up a load that has not ended.</summary>
    public static string LoadHangs(TimeSpan after) => $"Loading the model hangs: it has not produced a vector in {after}.";

    public void FailForGood(string reason, bool modelIsUnusable) =>
        (State, Reason, ModelIsUnusable) = (ServiceState.Failed, reason, modelIsUnusable);

    /// <summary>Notes who wants to be told when the state is another than the present one.</summary>
    public void Await(IActorRef waiting) => _waiting.Add((waiting, State));

    /// <summary>Those to be told now, once each.</summary>
    public IActorRef[] TakeWaiting()
    {
        var told = _waiting.Where(w => w.Knows != State).Select(w => w.Actor).ToArray();
        _waiting.RemoveAll(w => w.Knows != State);
        return told;
    }

    private void OnRestart(string cause)
    {
        if (State != ServiceState.Failed)
            (State, Reason) = (ServiceState.Loading, $"Inference is being restarted after a failure: {cause}");
    }
}
