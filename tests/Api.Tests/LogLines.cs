using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Api.Tests;

/// <summary>What a server has logged, beside the console.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message, Exception? Exception)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string Message, Exception? Exception)> All => [.. _lines];

    public IReadOnlyList<string> Containing(string part) =>
        [.. All.Select(line => line.Message).Where(message => message.Contains(part, StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception), exception));

    public void Dispose()
    {
    }
}
