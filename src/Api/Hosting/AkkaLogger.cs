using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;

namespace ActorEmbed.Api.Hosting;

/// <summary>
/// Hands the actors' log events to the host's loggers, under the class that wrote them and with their properties. The
/// logger of Akka.Hosting repeats level, time and thread inside the text of each line.
/// </summary>
internal sealed class AkkaLogger : LoggerFactoryLogger
{
    private static readonly TimeSpan RemotingInterval = TimeSpan.FromSeconds(10);

    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;

    private long? _lastRemoting;
    private int _heldBack;

    protected override void Log(LogEvent log, ActorPath path)
    {
        // A connection that broke; the router says in a line what it means. The type is internal to Akka.
        if (log.Cause?.GetType().FullName == "Akka.Remote.EndpointDisassociatedException")
            return;
        if (RemotingText.IsAbout(log))
        {
            LogRemoting(log);
            return;
        }

        var text = log.Message.ToString() ?? "";
        IReadOnlyList<KeyValuePair<string, object?>> state = log.TryGetProperties(out var properties) && properties is not null
            ? [.. properties.Select(p => new KeyValuePair<string, object?>(p.Key, p.Value))]
            : [];
        _loggers.CreateLogger(log.LogClass.FullName ?? log.LogSource).Log(LevelOf(log), default, state, log.Cause, (_, _) => text);
    }

    /// <summary>
    /// Whoever reaches the cluster port can cause one with every connection, each with a stack trace: a line now and then
    /// says as much.
    /// </summary>
    private void LogRemoting(LogEvent log)
    {
        var logger = _loggers.CreateLogger(log.LogClass.FullName ?? log.LogSource);
        if (!logger.IsEnabled(LevelOf(log)))
            return;
        if (_lastRemoting is { } last && Stopwatch.GetElapsedTime(last) < RemotingInterval)
        {
            _heldBack++;
            return;
        }

        var before = _heldBack == 0 ? "" : $" ({_heldBack} such lines were held back before)";
        logger.Log(LevelOf(log), "{Text}{Before}", RemotingText.Of(log), before);
        (_lastRemoting, _heldBack) = (Stopwatch.GetTimestamp(), 0);
    }

    private static Microsoft.Extensions.Logging.LogLevel LevelOf(LogEvent log) => log.LogLevel() switch
    {
        Akka.Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
        _ => Microsoft.Extensions.Logging.LogLevel.Error,
    };
}
