using ActorEmbed.Inference;
using Akka.Hosting;

namespace ActorEmbed.Api.Hosting;

/// <summary>An inference node: a model and no HTTP.</summary>
internal static class InferenceApplication
{
    // A batch that is being computed is finished and returned; see hocon/cluster.conf.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServerOptions options, Func<IEmbeddingModel> loadModel, TextWriter standardOutput, CancellationToken cancellation)
    {
        while (true)
        {
            var exitCode = await RunOnceAsync(options, loadModel, standardOutput, cancellation);
            // The cluster went on without this node, and it may not come back as who it was; so it comes as another.
            if (exitCode != ExitCode.LeftCluster || cancellation.IsCancellationRequested)
                return exitCode;
        }
    }

    private static async Task<int> RunOnceAsync(ServerOptions options, Func<IEmbeddingModel> loadModel, TextWriter standardOutput, CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        ServerApplication.ConfigureLogging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(standardOutput);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<InferenceLifecycle>();
        builder.Services.AddHostedService(services => services.GetRequiredService<InferenceLifecycle>());
        builder.Services.AddAkka(ServerActors.SystemName, (akka, services) => akka.WithServerActors(services, options, loadModel));

        using var host = builder.Build();
        await host.StartAsync(cancellation);
        await host.WaitForShutdownAsync(cancellation);
        return host.Services.GetRequiredService<InferenceLifecycle>().ExitCode;
    }
}
