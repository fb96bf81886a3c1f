using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>Makes the router, whose type is public as a registry key and whose constructor is nobody's business.</summary>
internal sealed class RouterProducer(SchedulingOptions options, RouterWiring wiring, TimeProvider time) : IIndirectActorProducer
{
    public Type ActorType => typeof(BatchRouterActor);

    public ActorBase Produce() => new BatchRouterActor(options, wiring, time);

    public void Release(ActorBase actor)
    {
    }
}
