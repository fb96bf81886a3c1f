using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Tests.Processes;

/// <summary>A log whose disk is full, say.</summary>
internal sealed class BrokenLogger : ILogger<ActorEmbedSidecar>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw new IOException("no space left");
}
