using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ActorEmbed.Actors;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.CommandLine;

/// <summary>Runs the server until it is told to stop; the default command.</summary>
internal static class ServeCommand
{
    private static readonly ServerOptions Defaults = new();

    private static readonly Option<int> Port = new("--port")
    {
        Description = "TCP port on the loopback address; 0 lets the system choose, the ready line names it.",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private static readonly Option<string?> Model = new("--model")
    {
        Description = "Directory of a model in the layout of a sentence-transformers repository. Without it, the embedded model.",
        HelpName = "DIR",
    };

    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "Threads that inference uses.",
        DefaultValueFactory = _ => Defaults.Threads,
    };

    private static readonly Option<long> MaxBody = new("--max-body-bytes")
    {
        Description = "Largest request body.",
        DefaultValueFactory = _ => Defaults.MaxBodyBytes,
    };

    private static readonly Option<int> MaxTexts = new("--max-texts")
    {
        Description = "Most texts of one request.",
        DefaultValueFactory = _ => Defaults.MaxTexts,
    };

    private static readonly Option<double> RequestTimeout = new("--request-timeout")
    {
        Description = "Seconds after which a request that could not be served is answered with 504.",
        DefaultValueFactory = _ => Defaults.Scheduling.RequestTimeout.TotalSeconds,
    };

    private static readonly Option<bool> RequireModelName = new("--require-model-name")
    {
        Description = "Refuse a request that names another model than the loaded one; by default any name will do.",
    };

    /// <summary>Adds the options of the server, and the server as the action.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Port, Model, Threads, MaxBody, MaxTexts, RequestTimeout, RequireModelName })
            command.Options.Add(option);
        command.SetAction((arguments, cancellation) => RunAsync(Read(arguments), cancellation));
    }

    private static ServerOptions Read(ParseResult arguments) => new()
    {
        Port = arguments.GetValue(Port),
        Model = arguments.GetValue(Model),
        Threads = arguments.GetValue(Threads),
        MaxBodyBytes = arguments.GetValue(MaxBody),
        MaxTexts = arguments.GetValue(MaxTexts),
        RequireModelName = arguments.GetValue(RequireModelName),
        Scheduling = new SchedulingOptions { RequestTimeout = TimeSpan.FromSeconds(arguments.GetValue(RequestTimeout)) },
    };

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellation)
    {
        var directory = options.Model ?? EmbeddedModel.Directory;
        try
        {
            options.Validate();
            // Wrong paths and configurations are known before anything is started.
            ModelLoader.ReadId(directory);
        }
        catch (ValidationException e)
        {
            return Fail(e.Message, ExitCode.BadOption);
        }
        catch (ModelLoadException e)
        {
            return Fail(e.Message, ExitCode.BadModel);
        }

        await using var app = ServerApplication.Build(options, () => ModelLoader.Load(directory, new ModelOptions { Threads = options.Threads }), Console.Out);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            return Fail(
                string.Create(CultureInfo.InvariantCulture, $"Cannot listen on port {options.Port}: {e.Message} Choose another with --port, or --port 0 to let the system choose."),
                ExitCode.CannotListen);
        }

        await app.WaitForShutdownAsync(cancellation);
        return app.Services.GetRequiredService<ServiceLifecycle>().ExitCode;
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"actorembed: {message}");
        return exitCode;
    }
}
