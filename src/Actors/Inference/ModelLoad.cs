using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// A model that is being loaded, on a thread of its own: a pull may take hours, and the thread of inference belongs to other
/// models too.
/// </summary>
internal sealed class ModelLoad
{
    private readonly Task<IEmbeddingModel> _task;

    /// <param name="load">Loads it; blocks.</param>
    /// <param name="owner">Is told <see cref="Ended"/>.</param>
    public ModelLoad(Func<IEmbeddingModel> load, IActorRef owner)
    {
        _task = Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _task.ContinueWith(_ => owner.Tell(new Ended(this)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The model, once it has ended.</summary>
    /// <exception cref="Exception">What the load threw.</exception>
    public IEmbeddingModel Result => _task.GetAwaiter().GetResult();

    /// <summary>Nobody waits for it any more: what comes of it is closed.</summary>
    public void Abandon() => _task.ContinueWith(
        task =>
        {
            if (task.IsCompletedSuccessfully)
                task.Result.Dispose();
            else
                _ = task.Exception;
        },
        CancellationToken.None,
        TaskContinuationOptions.None,
        TaskScheduler.Default);

    /// <summary>To the owner: there is a result.</summary>
    internal sealed record Ended(ModelLoad Load) : INoSerializationVerificationNeeded;
}
