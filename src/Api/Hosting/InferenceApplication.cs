using System.Diagnostics;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Inference.Hub;
using Akka.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace ActorEmbed.Api.Hosting;

/// <summary>An inference node: a model and no HTTP.</summary>
internal static class InferenceApplication
{
    // A batch that is being computed is finished and returned; see hocon/cluster.conf.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    // Between one life and the next. A node that is turned away at once, as by another secret, would otherwise do nothing
    // but load its model.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Runs until told to stop.</summary>
    /// <param name="options">Valid.</param>
    /// <param name="models">At least one. Their loads are cancelled when the node stops or leaves.</param>
    /// <param name="standardOutput">Where the ready line goes.</param>
    /// <param name="stop">Cancelled when a signal asks the process to stop.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        ServerOptions options, IReadOnlyList<ModelToServe> models, TextWriter standardOutput, CancellationToken stop)
    {
        using var loggers = LoggerFactory.Create(ServerApplication.ConfigureLogging);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // Outside the lives: a thread for each of them would last as long as the parent.
        new ParentWatches(options, TimeProvider.System, loggers).Start(ended.Cancel, ended.Cancel);
        stop = ended.Token;
        var pause = ShortestPause;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            var exitCode = await RunOnceAsync(options, models, standardOutput, stop);
            // The cluster went on without this node, and it may not come back as who it was; so it comes as another.
            if (exitCode != ExitCode.LeftCluster)
                return exitCode;
            pause = NextPause(pause, Stopwatch.GetElapsedTime(start));
            if (await StopsWithinAsync(pause, stop))
                return ExitCode.Success;
        }
    }

    /// <summary>Twice as long each time, up to the longest; from the beginning again after a life that lasted.</summary>
    internal static TimeSpan NextPause(TimeSpan last, TimeSpan lived)
    {
        if (lived > LongestPause)
            return ShortestPause;
        return last < LongestPause / 2 ? last * 2 : LongestPause;
    }

    /// <summary>Whether the process is told to stop in this time, in which no host listens.</summary>
    private static async Task<bool> StopsWithinAsync(TimeSpan time, CancellationToken stop)
    {
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop.IsCancellationRequested;
    }

    private static async Task<int> RunOnceAsync(
        ServerOptions options, IReadOnlyList<ModelToServe> models, TextWriter standardOutput, CancellationToken stop)
    {
        using var stopping = new CancellationTokenSource();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        ServerApplication.ConfigureLogging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(standardOutput);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(models);
        builder.Services.AddSingleton(models[0].Progress);
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        // Not as a service of the host: leaving the cluster is not the end of the process, and systemd must not be told so.
        builder.Services.AddSingleton<SystemdNotification>();
        builder.Services.AddSingleton<InferenceLifecycle>();
        builder.Services.AddHostedService(services => services.GetRequiredService<InferenceLifecycle>());
        builder.Services.AddAkka(ServerActors.SystemName, (akka, services) => akka.WithServerActors(services, options, models, stopping.Token));

        using var host = builder.Build();
        (LoadProgress Progress, PullLog Log)[] pulls = [.. models.Select(model => (model.Progress, new PullLog(host.Services.GetRequiredService<ILogger<PullLog>>())))];
        foreach (var (progress, log) in pulls)
            progress.Reported += log.Report;
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        await using var end = lifetime.ApplicationStopping.Register(stopping.Cancel);
        await using var signal = stop.Register(lifetime.StopApplication);
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop before the start was over.
            return ExitCode.Success;
        }

        await host.WaitForShutdownAsync(CancellationToken.None);
        foreach (var (progress, log) in pulls)
            progress.Reported -= log.Report;
        return host.Services.GetRequiredService<InferenceLifecycle>().ExitCode;
    }
}
