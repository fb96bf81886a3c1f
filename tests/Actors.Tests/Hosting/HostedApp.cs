using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ActorEmbed.Actors.Tests.Hosting;

/// <summary>Somebody's application, which embeds the library the way that the package's README shows.</summary>
internal sealed class HostedApp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IHost _host;

    private HostedApp(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public static async Task<HostedApp> StartAsync(Action<IServiceCollection> configure)
    {
        var host = new HostBuilder().ConfigureServices(services =>
        {
            services.AddHealthChecks();
            configure(services);
        }).Build();
        await host.StartAsync();
        return new HostedApp(host);
    }

    /// <summary>With an actor system whose settings are as unlike the defaults as a host's may be.</summary>
    public static Task<HostedApp> StartWithAkkaAsync(Action<AkkaConfigurationBuilder> configure, Action<IServiceCollection> services) => StartAsync(collection =>
    {
        collection.AddAkka("host", akka => configure(akka
            .AddHocon("""
                akka.loglevel = ERROR
                akka.stdout-loglevel = OFF
                akka.actor.serialize-messages = on
                akka.actor.serialize-creators = on
                akka.actor.default-dispatcher.throughput = 1
                akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
                """, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers => loggers.ClearLoggers())));
        services(collection);
    });

    public async Task<HealthReport> HealthAsync() => await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    /// <summary>Asks until every check is healthy; each attempt asks the router, so no pause is needed.</summary>
    public async Task<HealthReport> HealthyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var report = await HealthAsync();
            if (report.Status == HealthStatus.Healthy || patience.IsCancellationRequested)
                return report;
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
