using Microsoft.Extensions.Logging;

namespace ActorEmbed.Client.Tests.Processes;

/// <summary>What a sidecar logs, its server's lines included.</summary>
internal sealed class LineLogger : ILogger<ActorEmbedSidecar>
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first line with this part, when it has come.</summary>
    public async Task<string> LineAsync(string part)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
                    return line;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience.Limit);
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Add(formatter(state, exception));
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
