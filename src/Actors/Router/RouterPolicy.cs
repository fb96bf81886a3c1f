using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Actors.Inference;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Where a router's workers are, and so what it means that one fails, is late or is gone.</summary>
internal abstract record RouterPolicy
{
    /// <summary>Name of the one child of the router.</summary>
    public abstract string ChildName { get; }

    /// <summary>The child of the router that starts its workers, or watches over them.</summary>
    public required Func<IActorRef, Props> ChildProps { get; init; }

    /// <summary>Where the batches are run, in turn with those of other models; by default with nobody's.</summary>
    public InferenceThread Thread { get; init; } = new();

    /// <summary>Which of several models this is about, for measurements; null where there is one.</summary>
    public string? ModelName { get; init; }

    /// <summary>Workers that a text may be lost with before it is rejected.</summary>
    public abstract int MaxLosses { get; }

    /// <summary>Most memory of a batch's texts, in bytes of UTF-16 or of token ids.</summary>
    public virtual long MaxBatchBytes => long.MaxValue;

    /// <summary>Whether the workers are this router's alone, so that it may let them sleep.</summary>
    public virtual bool OwnsWorkers => false;

    /// <summary>Whether a worker with this model gets batches.</summary>
    /// <param name="announced">The worker's model.</param>
    /// <param name="served">The model that the router is bound to; null while it is bound to none.</param>
    /// <param name="limits">Of a batch.</param>
    /// <param name="whyNot">The reason for which it gets none.</param>
    public virtual bool Accepts(ModelInfo announced, ModelInfo? served, BatchLimits limits, [NotNullWhen(false)] out string? whyNot)
    {
        whyNot = null;
        return true;
    }

    /// <summary>Null where the vectors of tokens can be brought here.</summary>
    public virtual EmbedRejected? TokenVectorsRejection() => null;

    /// <summary>Whether the tokens of texts with so many characters can be brought here.</summary>
    public virtual bool CanTokenize(long characters, [NotNullWhen(false)] out string? whyNot)
    {
        whyNot = null;
        return true;
    }

    /// <summary>Whether the texts of so many token ids can be brought here.</summary>
    public virtual bool CanDecode(long ids, [NotNullWhen(false)] out string? whyNot)
    {
        whyNot = null;
        return true;
    }

    /// <summary>Time after which a batch that has not come back is given up.</summary>
    public virtual TimeSpan PatienceFor(Batch batch, Pace pace, BatchLimits limits) => limits.TimeoutOf(batch.Cost);

    /// <summary>The model of a worker failed on a batch, and the worker starts it again. The batch has been seen to.</summary>
    public abstract void OnBatchFailed(string cause, InferenceWatch inference);

    /// <summary>A batch, which is in flight no more, did not come back in time.</summary>
    public abstract void OnBatchTimedOut(InFlightBatch late, BatchRecovery recovery, InferenceWatch inference);

    /// <summary>A worker that requests could count on has stopped, without a word about its model. Its batches have been seen to.</summary>
    public abstract void OnWorkerStopped(InferenceWatch inference);

    /// <summary>The router was restarted.</summary>
    public abstract void OnRouterRestarted(InferenceWatch inference);

    /// <summary>Whether requests can count on workers has perhaps changed.</summary>
    public abstract void OnWorkersChanged(WorkerRegistry workers, ServiceHealth health);
}
