using ActorEmbed.Actors.Scheduling;
using Akka.Actor;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// Makes the router, whose type is public as a registry key and whose constructor is nobody's business; after a failure
/// another one, with the memory of the first.
/// </summary>
internal sealed class RouterProducer(SchedulingOptions options, RouterPolicy policy, TimeProvider time) : IIndirectActorProducer
{
    private readonly RouterMemory _memory = new();

    public Type ActorType => typeof(BatchRouterActor);

    public ActorBase Produce() => new BatchRouterActor(options, policy, time, _memory);

    public void Release(ActorBase actor)
    {
    }
}
