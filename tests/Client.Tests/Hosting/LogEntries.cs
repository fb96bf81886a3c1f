using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Tests.Hosting;

/// <summary>Everything that a host logs, whatever the category, with the exceptions' text as a console would write it.</summary>
internal sealed class LogEntries : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue(formatter(state, exception) + (exception is null ? "" : $"\n{exception}"));

    public void Dispose()
    {
    }
}
