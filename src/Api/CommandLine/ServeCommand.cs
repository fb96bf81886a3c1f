using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using ActorEmbed.Api.Configuration;
using ActorEmbed.Api.Hosting;
using ActorEmbed.Api.Hosting.Events;
using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Hosting.Output;
using ActorEmbed.Api.Hosting.Starting;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Api.CommandLine;

/// <summary>Runs the server, or a node of a cluster, until it is told to stop; the default command.</summary>
internal static class ServeCommand
{
    // 1.1 GB over a line of 128 kbit/s takes 19 hours.
    private static readonly TimeSpan LongestPull = TimeSpan.FromDays(1);

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
        var progress = new LoadProgress();
        using var progressLines = new ProgressLines(progress, events, TimeProvider.System);
        try
        {
            var exitCode = await ServeAsync(settings, progress, interruption);
            if (exitCode is not (ExitCode.BadModel or ExitCode.InferenceFailed))
                return exitCode;
            var failure = progress.Failure ?? (exitCode == ExitCode.BadModel ? LoadFailure.UnusableModel : LoadFailure.Inference);
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

    private static async Task<int> ServeAsync(EffectiveSettings settings, LoadProgress progress, Interruption interruption)
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
            return await ServeAsync(options, source: null, progress, stopping, onStarted: () => { });

        // Wrong paths and configurations are known before anything is started.
        var choice = ModelChoice.For(options, Environment.GetEnvironmentVariable);
        // A pull is part of the load, and has time-outs of its own.
        if (choice.Directory is null)
            options.PullTime = LongestPull;

        void TellChoice()
        {
            // A directory that was named is what it is; everything else is worth a line.
            if (choice.Directory != options.Model)
                log.LogInformation("Model: {Choice}{Source}", choice.Reason, choice.Source is null ? "" : "; " + choice.Source);
        }

        var modelOptions = options.ToModelOptions();
        modelOptions.OnCompiling = progress.BeginCompiling;
        ModelSource Open(CancellationToken ended) =>
            new(choice, modelOptions, progress, loggers.CreateLogger(typeof(ModelLoader).FullName!), ended);

        IEmbeddingModel Load(CancellationToken ended)
        {
            using var source = Open(ended);
            return Loaded(source, progress);
        }

        if (!options.HasHttp)
        {
            TellChoice();
            try
            {
                return await InferenceApplication.RunAsync(options, Load, StandardStreams.ReadyLine, progress, interruption.Token);
            }
            catch (Exception e) when (IsClusterPort(options, e))
            {
                throw CannotJoin(options, e);
            }
        }

        using var source = Open(stopping.Token);
        source.Begin();
        return await ServeAsync(options, source, progress, stopping, TellChoice);
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

    private static IEmbeddingModel Loaded(ModelSource source, LoadProgress progress)
    {
        try
        {
            var model = source.Load();
            progress.End();
            return model;
        }
        catch (Exception e)
        {
            progress.End(LoadFailure.Of(e));
            throw;
        }
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
        ServerOptions options, ModelSource? source, LoadProgress progress, CancellationTokenSource stopping, Action onStarted)
    {
        Func<IEmbeddingModel> load = source is null ? () => throw new UnreachableException("A router runs no model.") : () => Loaded(source, progress);
        await using var app = ServerApplication.Build(options, load, StandardStreams.ReadyLine, progress);
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
