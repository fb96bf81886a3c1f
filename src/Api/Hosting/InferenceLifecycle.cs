using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Hosting.Models;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// The lifecycle of an inference node. Where the cluster has taken the node out, the code says so to
/// <see cref="InferenceApplication"/>, which joins again.
/// </summary>
internal sealed class InferenceLifecycle(
    IRequiredActor<InferenceNode> node,
    IReadOnlyList<ModelToServe> models,
    ActorSystem system,
    IHostApplicationLifetime lifetime,
    TextWriter standardOutput,
    SystemdNotification systemd,
    ILogger<InferenceLifecycle> log) : Lifecycle(system, lifetime, standardOutput, systemd, log)
{
    private readonly ActorSystem _system = system;

    protected override IActorRef Actor => node.ActorRef;

    protected override IEnumerable<(string Name, IActorRef Actor)> Others => models.Skip(1).Select(model => (model.Label, _system.GetActorEmbedInferenceNode(model.Label)));

    protected override object ReadyLine(ServiceStatus status)
    {
        var address = Akka.Cluster.Cluster.Get(_system).SelfAddress;
        return new
        {
            @event = "ready",
            role = "inference",
            address = $"{address.Host}:{address.Port}",
            model = status.Model!.ShortName,
            dim = status.Model.Dimensions,
            device = status.Model.Device,
            pid = Environment.ProcessId,
        };
    }
}
