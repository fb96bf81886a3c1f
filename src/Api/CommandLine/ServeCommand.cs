using System.CommandLine;
using System.Net.Sockets;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Api.Hosting.Events;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Hosting.Output;
using ActorEmbed.Api.Hosting.Starting;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.CommandLine;

/// <summary>Runs the server, or a node of a cluster, until it is told to stop; the default command.</summary>
internal static class ServeCommand
{

    public static Command Create(Interruption interruption)
    {
        var command = new Command("serve", "Serve over HTTP until told to stop (the default).");
        AddTo(command, interruption);
        return command;
    }

    /// <summary>Adds the options of the server, and the server as the action.</summary>
    public static void AddTo(Command command, Interruption interruption)
    {
        foreach (var option in ServerSettingOptions.All)
            command.Options.Add(option.Option);
        command.SetAction(arguments =>
            RunAsync(SettingsReader.Read([.. ServerSettingOptions.All.Select(option => option.Read(arguments)).OfType<GivenSetting>()]), interruption));
    }

    /// <summary>Serves, and tells a parent that asked for it how the start goes and why it failed.</summary>
    private static async Task<int> RunAsync(EffectiveSettings settings, Interruption interruption)
    {
        var events = new EventLines(settings.Options.ExitWithParent ? StandardStreams.ReadyLine : TextWriter.Null);
        try
        {
            var (exitCode, loadFailure) = await ServeAsync(settings, events, interruption);
            if (exitCode is not (ExitCode.BadModel or ExitCode.InferenceFailed))
                return exitCode;
            var failure = loadFailure ?? (exitCode == ExitCode.BadModel ? LoadFailure.UnusableModel : LoadFailure.Inference);
            events.Failed(failure.Reason, failure.Message);
            return exitCode == ExitCode.BadModel ? failure.ExitCode : exitCode;
        }
        catch (Exception e) when (e is ModelLoadException or ModelPullException)
        {
            events.Failed(LoadFailure.Of(e).Reason, e.Message);
            throw;
        }
        catch (CommandFailure e) when (e is { ExitCode: ExitCode.CannotListen, InnerException: { } cause })
        {
            events.Failed(FailureReason.OfListening(cause), e.Message);
            throw;
        }
    }

    /// <returns>The exit code, and why the first model was not loaded, where that was so.</returns>
    private static async Task<(int ExitCode, LoadFailure? Failure)> ServeAsync(EffectiveSettings settings, EventLines events, Interruption interruption)
    {
        var options = settings.Options;
        using var loggers = LoggerFactory.Create(ServerApplication.ConfigureLogging);
        var log = loggers.CreateLogger(typeof(ServeCommand).FullName!);
        foreach (var name in settings.UnknownVariables)
            log.LogWarning("The environment variable {Name} is no setting of this server", name);
        FitConnections(options, log);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        EnsureFree(options);
        if (!options.HasModel)
            return (await ServeAsync(options, ModelToServe.AllElsewhere(options.Cluster!.ExpectedModels), stopping, onStarted: () => { }), null);

        using var models = ModelsOnHand.Choose(options, loggers);
        DeviceCheck.Require(options.Device);
        // A router beside its own models serves those.
        if (options.Cluster is { Roles: ClusterRoles.All, ExpectedModel: null, ExpectedModels.Count: 0 } && models.All.Count > 1)
            options.Cluster.ExpectedModels = [.. models.All.Select(model => model.Id!)];
        using var lines = new AllProgressLines(models.All, events);
        if (options.HasHttp)
        {
            models.Begin();
            return (await ServeAsync(options, models.All, stopping, () => models.Tell(log)), models.All[0].Progress.Failure);
        }

        models.Tell(log);
        try
        {
            return (await InferenceApplication.RunAsync(options, models.All, StandardStreams.ReadyLine, interruption.Token), models.All[0].Progress.Failure);
        }
        catch (Exception e) when (IsClusterPort(options, e))
        {
            throw CannotJoin(options, e);
        }
    }

    /// <summary>Fewer connections, in place of a server that runs out of descriptors in the middle of a request.</summary>
    private static void FitConnections(ServerOptions options, ILogger log)
    {
        var room = DescriptorLimit.Connections(options.MaxConnections);
        if (!options.HasHttp || room == options.MaxConnections)
            return;
        log.LogWarning(
            "{Limit} open files are allowed (ulimit -n), which leaves room for {Room} connections in place of {Wanted}",
            DescriptorLimit.Current, room, options.MaxConnections);
        options.MaxConnections = room;
    }

    /// <summary>A taken port is told at once, in one line, and not after a model was opened for nothing.</summary>
    private static void EnsureFree(ServerOptions options)
    {
        try
        {
            if (options.HasHttp)
                Listening.EnsureFree(options);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            throw CannotListen(options, e);
        }

        try
        {
            options.Cluster?.EnsurePortIsFree();
        }
        catch (SocketException e)
        {
            throw CannotJoin(options, e);
        }
    }

    private static CommandFailure CannotListen(ServerOptions options, Exception cause) =>
        new(ExitCode.CannotListen, Listening.Explain(options, cause), cause);

    private static CommandFailure CannotJoin(ServerOptions options, Exception cause) =>
        new(ExitCode.CannotListen, Listening.Explain(options.Cluster!, cause), cause);

    /// <summary>Somebody took the cluster's port in the moment since it was looked at.</summary>
    private static bool IsClusterPort(ServerOptions options, Exception e) =>
        options.Cluster is not null && e is not (IOException or SocketException) && e.GetBaseException() is SocketException;

    private static async Task<int> ServeAsync(
        ServerOptions options, IReadOnlyList<ModelToServe> models, CancellationTokenSource stopping, Action onStarted)
    {
        await using var app = ServerApplication.Build(options, models, StandardStreams.ReadyLine, stopping: stopping.Token);
        await using var stop = app.Lifetime.ApplicationStopping.Register(stopping.Cancel);
        // The host hears some signals itself, but not from the first moment, and not that a terminal was closed.
        await using var signal = stopping.Token.Register(app.Lifetime.StopApplication);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw CannotListen(options, e);
        }
        catch (Exception e) when (IsClusterPort(options, e))
        {
            throw CannotJoin(options, e);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before the start was over.
            return ExitCode.Success;
        }

        onStarted();
        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<ServiceLifecycle>().ExitCode;
    }
}
