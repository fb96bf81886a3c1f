using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.WorkProtocol;
using Akka.Actor;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// Stands where workers look for a node's router, if that node has several, one for each model: passes what a worker says on
/// to the router of its model. From then on the two speak to each other.
/// </summary>
internal sealed class ModelFrontActor : ReceiveActor
{
    private readonly IReadOnlyList<(ExpectedModel Model, IActorRef Router)> _routers;
    private readonly Dictionary<IActorRef, IActorRef> _routerOf = [];

    public ModelFrontActor(IReadOnlyList<(ExpectedModel Model, IActorRef Router)> routers)
    {
        _routers = routers;
        Receive<WorkerReady>(OnReady);
        Receive<WorkerLeaving>(leaving =>
        {
            if (!TryForward(leaving))
                Sender.Tell(WorkerReleased.Instance);
        });
        Receive<RequestWork>(message => TryForward(message));
        Receive<WorkerAsleep>(message => TryForward(message));
        Receive<Terminated>(terminated => _routerOf.Remove(terminated.ActorRef));
    }

    public static Props Props(IReadOnlyList<(ExpectedModel Model, IActorRef Router)> routers) =>
        Akka.Actor.Props.Create(() => new ModelFrontActor(routers)).WithDeploy(Deploy.Local);

    private void OnReady(WorkerReady ready)
    {
        var router = _routers.Where(candidate => candidate.Model.Matches(ready.Model, out _)).Select(candidate => candidate.Router).FirstOrDefault();
        if (router is null)
        {
            _routerOf.Remove(Sender);
            Sender.Tell(new WorkerRefused($"It has {ready.Model.Id} in {ready.Model.Precision}, but {string.Join(", ", _routers.Select(candidate => candidate.Model.Name))} are expected here."));
            return;
        }

        if (_routerOf.TryAdd(Sender, router))
            Context.Watch(Sender);
        _routerOf[Sender] = router;
        router.Forward(ready);
    }

    /// <summary>False for a worker that has not told its model yet: it soon will.</summary>
    private bool TryForward(object message)
    {
        if (!_routerOf.TryGetValue(Sender, out var router))
            return false;
        router.Forward(message);
        return true;
    }
}
