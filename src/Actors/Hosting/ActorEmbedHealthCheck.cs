using ActorEmbed.Actors.Messages;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorEmbed.Actors.Hosting;

/// <summary>Healthy once the model has produced a real vector and as long as requests are being served.</summary>
internal sealed class ActorEmbedHealthCheck(InstanceKey key) : IAkkaHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(AkkaHealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (RouterIn(context) is not { } router)
            return HealthCheckResult.Unhealthy("The router has not been started yet.");
        try
        {
            var status = await router.Ask<ServiceStatus>(GetStatus.Instance, WaitTimes.ForStatus, cancellationToken).ConfigureAwait(false);
            return status.State == ServiceState.Ready
                ? HealthCheckResult.Healthy($"{status.Model?.Id} is ready.")
                : HealthCheckResult.Unhealthy(status.Reason ?? "The model is being loaded.");
        }
        catch (AskTimeoutException)
        {
            return HealthCheckResult.Unhealthy("The router does not answer.");
        }
    }

    private IActorRef? RouterIn(AkkaHealthCheckContext context) =>
        key.Type is not { } type ? NamedRouters.Of(context.ActorSystem).Find(key) : context.ActorRegistry.TryGet(type, out var router) ? router : null;
}
