using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Sidecar;

/// <summary>
/// A host's logger, whose failures stay its own: a provider that is already disposed must neither end the supervision of
/// the server nor leave its pipes unread.
/// </summary>
internal sealed class ForgivingLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031 // Where the log itself fails, there is nowhere to tell it.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
