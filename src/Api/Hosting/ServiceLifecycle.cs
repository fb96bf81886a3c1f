using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http;
using ActorEmbed.Api.Http.Safety;
using Akka.Actor;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ActorEmbed.Api.Hosting;

/// <summary>The lifecycle of a server that takes requests.</summary>
internal sealed class ServiceLifecycle(
    ServedModels models,
    ActorSystem system,
    IServer server,
    IHostApplicationLifetime lifetime,
    ServerOptions options,
    TextWriter standardOutput,
    SystemdNotification systemd,
    RequestDrain drain,
    TimeProvider time,
    ILogger<ServiceLifecycle> log) : Lifecycle(system, lifetime, standardOutput, systemd, log)
{
    protected override IActorRef Actor => models.First.Router;

    protected override IEnumerable<(string Name, IActorRef Actor)> Others => models.All.Skip(1).Select(model => (model.Label, model.Router));

    protected override object ReadyLine(ServiceStatus status) => new
    {
        @event = "ready",
        url = Reachable(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        model = status.Model!.ShortName,
        dim = status.Model.Dimensions,
        device = status.Model.Device,
        pid = Environment.ProcessId,
    };

    // Nobody was told of this server yet when its model proved unusable at the start: no reason to linger.
    protected override Task OnFailedAsync(ServiceStatus status, bool wasReady, CancellationToken stoppingToken) =>
        wasReady || !status.ModelIsUnusable ? Task.Delay(options.FailureExitDelay, time, stoppingToken) : Task.CompletedTask;

    // Who asked actors that had ended would wait for their answer as long as a drain may take.
    protected override void OnLeftCluster() => drain.End();

    /// <summary>The address that a client on this machine takes: it cannot call "every address".</summary>
    private static string Reachable(string url) => url
        .Replace("//localhost", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("http://unix:", "unix:", StringComparison.Ordinal);
}
