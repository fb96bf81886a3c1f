using ActorEmbed.Client.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorEmbed.Client;

/// <summary>Adds the client to a host's health checks.</summary>
public static class ActorEmbedHealthChecksBuilderExtensions
{
    /// <summary>Healthy while the server of a host's <see cref="ActorEmbedClient"/> can embed; what it says of itself otherwise.</summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">Name of the check.</param>
    /// <param name="serviceKey">Key of a client that was added with one.</param>
    /// <param name="failureStatus">What a failure is told as; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check. Default: none.</param>
    /// <param name="timeout">Time for an answer. Default: that of the client.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddActorEmbedClient(
        this IHealthChecksBuilder builder,
        string name = "actorembed",
        object? serviceKey = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new ClientHealthCheck(provider.GetRequiredKeyedService<ActorEmbedClient>(serviceKey)), failureStatus, tags, timeout));
    }
}
