using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Pattern;

namespace ActorEmbed.Actors.Inference;

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

    public static Props SupervisorProps(Func<IEmbeddingModel> loadModel, IActorRef router, SchedulingOptions options, string dispatcher)
    {
        // Local: a host may have it checked that props can be sent to another node, and these hold what must stay here.
        var worker = Props.Create(() => new InferenceActor(loadModel, router))
            .WithDispatcher(dispatcher)
            .WithDeploy(Deploy.Local);
        return BackoffSupervisor.Props(
            Backoff.OnStop(worker, WorkerName, options.MinRestartDelay, options.MaxRestartDelay, RandomFactor, Unlimited)
                .WithManualReset()
                .WithSupervisorStrategy(new OneForOneStrategy(
                    Unlimited,
                    Unlimited,
                    // The broken actor goes, session and all; the supervisor starts a fresh one in its place.
                    _ => Directive.Stop,
                    // The router logs each failure, in one line and with what it means.
                    loggingEnabled: false)))
            .WithDeploy(Deploy.Local);
    }
}
