using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Api.Hosting.Stopping;
using ActorEmbed.Api.Http.Safety;

namespace ActorEmbed.Api.Hosting;

/// <summary>Adds whatever may ask a process to stop, beside the first signal, which the host answers itself.</summary>
internal static class StopRequests
{
    /// <param name="services">Have the options and a <see cref="RequestDrain"/>.</param>
    public static IServiceCollection AddStopRequests(this IServiceCollection services) => services
        .AddHostedService<SecondSignal>()
        .AddHostedService<StandardInputWatch>()
        .AddHostedService<ParentWatch>();
}
