using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Api.Http.Safety;

namespace ActorEmbed.Api.Hosting;

/// <summary>Adds whatever may ask a process to stop, beside the signals, which are heard before there is a host.</summary>
internal static class StopRequests
{
    /// <param name="services">Have the options and a <see cref="RequestDrain"/>.</param>
    public static IServiceCollection AddStopRequests(this IServiceCollection services) => services
        .AddHostedService<StandardInputWatch>()
        .AddHostedService<ParentWatch>();
}
