using ActorEmbed.Api.Http;
using ActorEmbed.Inference;
using Akka.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace ActorEmbed.Api.Hosting;

/// <summary>The composition root: actors, HTTP and lifecycle put together.</summary>
internal static class ServerApplication
{
    /// <param name="options">Validated.</param>
    /// <param name="loadModel">Loads the model; called on the inference thread.</param>
    /// <param name="standardOutput">Where the ready line goes.</param>
    public static WebApplication Build(ServerOptions options, Func<IEmbeddingModel> loadModel, TextWriter standardOutput)
    {
        // The content root is the executable's place: an appsettings.json in a foreign working directory means nothing.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureLogging(builder.Logging);
        ConfigureKestrel(builder.WebHost, options);

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(standardOutput);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ServiceLifecycle>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServiceLifecycle>());
        builder.Services.AddActorEmbedHttp();
        builder.Services.AddAkka(ServerActors.SystemName, (akka, services) => akka.WithServerActors(services, options, loadModel));

        var app = builder.Build();
        app.MapActorEmbed();
        return app;
    }

    private static void ConfigureKestrel(IWebHostBuilder webHost, ServerOptions options) => webHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        // Both loopbacks where the port is known; the system can choose one port for one address only.
        if (options.Port == 0)
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        else
            kestrel.ListenLocalhost(options.Port);
    });

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
            console.LogToStandardErrorThreshold = Microsoft.Extensions.Logging.LogLevel.Trace);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
    }
}
