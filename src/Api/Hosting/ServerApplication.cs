using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Hosting.Parent;
using ActorEmbed.Api.Http.Safety;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using Akka.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging.Console;

namespace ActorEmbed.Api.Hosting;

/// <summary>The composition root: actors, HTTP and lifecycle put together.</summary>
internal static class ServerApplication
{
    // After the requests: the batch that is being computed, and the actors.
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    /// <param name="options">Validated.</param>
    /// <param name="loadModel">Loads the one model; called on a thread of its own.</param>
    /// <param name="standardOutput">Where the ready line goes.</param>
    /// <param name="replace">Has the last word on the services; null changes none.</param>
    public static WebApplication Build(
        ServerOptions options, Func<IEmbeddingModel> loadModel, TextWriter standardOutput, Action<IServiceCollection>? replace = null) =>
        Build(options, [new ModelToServe(_ => loadModel())], standardOutput, replace);

    /// <summary>The same for several models.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="models">At least one; the first is that of requests which name none.</param>
    /// <param name="standardOutput">Where the ready line goes.</param>
    /// <param name="replace">Has the last word on the services; null changes none.</param>
    /// <param name="stopping">Cancelled when loads are of no use any more.</param>
    public static WebApplication Build(
        ServerOptions options, IReadOnlyList<ModelToServe> models, TextWriter standardOutput, Action<IServiceCollection>? replace = null, CancellationToken stopping = default)
    {
        // The content root is the executable's place: an appsettings.json in a foreign working directory means nothing.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureLogging(builder.Logging);
        Listening.Configure(builder, options);

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(standardOutput);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new HubSettings(Environment.GetEnvironmentVariable));
        builder.Services.AddSingleton(models);
        // Of the model that the ready line is about.
        builder.Services.AddSingleton(models[0].Progress);
        AddLifecycle(builder.Services, options);
        builder.Services.AddHttp();
        builder.Services.AddAkka(ServerActors.SystemName, (akka, services) => akka.WithServerActors(services, options, models, stopping));
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        foreach (var model in models)
            model.Progress.Reported += new PullLog(app.Services.GetRequiredService<ILogger<PullLog>>()).Report;
        app.UseHttp();
        return app;
    }

    private static void AddLifecycle(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<ServiceLifecycle>();
        services.AddSingleton<RequestDrain>();
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<SystemdNotification>();
        services.AddHostedService<StartupChecks>();
        services.AddHostedService(provider => provider.GetRequiredService<SystemdNotification>());
        services.AddHostedService(provider => provider.GetRequiredService<ServiceLifecycle>());
        services.AddHostedService(provider => provider.GetRequiredService<RequestDrain>());
        services.AddSingleton<ParentWatches>();
        services.AddHostedService<StopRequests>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + StopMargin);
        if (WindowsServiceHelpers.IsWindowsService())
            services.AddWindowsService(service => service.ServiceName = "ActorEmbed");
    }

    /// <summary>Log lines on standard error, one each.</summary>
    public static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(Microsoft.Extensions.Logging.LogLevel.Information);
        // What the framework says at start and stop is said by the ready line and the exit code.
        logging.AddFilter("Microsoft", Microsoft.Extensions.Logging.LogLevel.Warning);
        // A start that fails is told in one line by who started it.
        logging.AddFilter("Microsoft.Extensions.Hosting", Microsoft.Extensions.Logging.LogLevel.None);
        logging.AddFilter("Akka", Microsoft.Extensions.Logging.LogLevel.Warning);
        // Each failed connection to a node that is down, every second or two; the router says once what it means.
        logging.AddFilter("Akka.Remote", Microsoft.Extensions.Logging.LogLevel.Error);
        logging.AddFilter("Akka.Event.DummyClassForStringSources", Microsoft.Extensions.Logging.LogLevel.Error);
        // Standard output belongs to the ready line.
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = Microsoft.Extensions.Logging.LogLevel.Trace;
            // By default a full queue holds up whoever logs.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        if (SystemdHelpers.IsSystemdService())
        {
            // The journal keeps the time itself, and wants the level in its own form.
            logging.AddSystemdConsole();
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
    }
}
