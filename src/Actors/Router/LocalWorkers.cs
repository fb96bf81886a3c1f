using ActorEmbed.Actors.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>The one worker is a child of the router's child: when it hangs or keeps failing, the service has failed.</summary>
internal sealed record LocalWorkers : RouterPolicy
{
    public override string ChildName => "inference-supervisor";

    public override bool OwnsWorkers => true;

    // The default of the cluster option with this name. A text that ended this many fresh sessions is their cause.
    public override int MaxLosses => 4;

    public override void OnBatchFailed(string cause, InferenceWatch inference) => inference.OnBatchFailed(cause);

    public override void OnBatchTimedOut(InFlightBatch late, BatchRecovery recovery, InferenceWatch inference) =>
        // A thread inside the model cannot be stopped, and the only worker is on it: no later request can be served.
        inference.OnBatchHangs($"a batch of {late.Batch.ItemCount} texts", late.Patience);

    public override void OnWorkerStopped(InferenceWatch inference) => inference.OnBatchFailed("the inference actor stopped");

    public override void OnRouterRestarted(InferenceWatch inference) => inference.ExpectLoad();

    public override void OnWorkersChanged(WorkerRegistry workers, ServiceHealth health)
    {
        // The inference watch knows more: whether the worker is loading, and whether that is worth waiting for.
    }
}
