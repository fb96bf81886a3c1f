using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Api.Http.Safety;

namespace ActorEmbed.Api.Hosting;

/// <summary>Stops a server when its parent wants it to, or is gone. Signals are heard before there is a host.</summary>
internal sealed class StopRequests(ParentWatches watches, IHostApplicationLifetime lifetime, RequestDrain drain) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        watches.Start(lifetime.StopApplication, onParentGone: () =>
        {
            drain.End();
            lifetime.StopApplication();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
