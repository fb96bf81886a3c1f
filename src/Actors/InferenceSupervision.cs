using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Pattern;

namespace ActorEmbed.Actors;

/// <summary>
/// The supervisor of the <see cref="InferenceActor"/>: after a failure it starts a fresh one, after a pause that grows
/// with every failure until a batch succeeds.
/// </summary>
internal static class InferenceSupervision
{
    /// <summary>Name of the supervised actor below its supervisor.</summary>
    public const string WorkerName = "inference";

    // Spreads the restarts of many processes that fail for the same reason.
    private const double RandomFactor = 0.2;

    // Giving up is the router's decision: it knows whether anything has succeeded in between.
    private const int Unlimited = -1;

    public static Props SupervisorProps(Func<IEmbeddingModel> loadModel, IActorRef router, SchedulingOptions options)
    {
        var worker = Props.Create(() => new InferenceActor(loadModel, router))
            .WithDispatcher("actorembed.inference-dispatcher");
        return BackoffSupervisor.Props(
            Backoff.OnFailure(worker, WorkerName, options.MinRestartDelay, options.MaxRestartDelay, RandomFactor, Unlimited)
                .WithManualReset()
                .WithSupervisorStrategy(new OneForOneStrategy(Unlimited, Unlimited, Decide, loggingEnabled: false)));
    }

    /// <summary>A model that is missing or damaged will not heal; everything else deserves a fresh session.</summary>
    private static Directive Decide(Exception cause) =>
        cause is ModelLoadException ? Directive.Stop : Directive.Restart;
}
