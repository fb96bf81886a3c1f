using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorEmbed.Client.Hosting;

/// <summary>Asks the server's <c>/health</c>, once: a client that waits for a restart is not healthy.</summary>
internal sealed class ClientHealthCheck(ActorEmbedClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await client.IsOkAsync(cancellationToken).ConfigureAwait(false)
                ? HealthCheckResult.Healthy("The server can embed.")
                : new HealthCheckResult(context.Registration.FailureStatus, "The server does not say that it can embed.");
        }
        catch (ActorEmbedException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
