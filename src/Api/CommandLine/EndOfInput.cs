namespace ActorEmbed.Api.CommandLine;

/// <summary>Cancels when standard input is closed, which it is when the parent that holds its other end has ended.</summary>
internal sealed class EndOfInput : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    private EndOfInput()
    {
    }

    public CancellationToken Token => _cancellation.Token;

    public static EndOfInput Watch()
    {
        var end = new EndOfInput();
        // A read cannot be called off: a thread of its own that nobody waits for.
        new Thread(end.ReadToEnd) { IsBackground = true, Name = "standard input" }.Start();
        return end;
    }

    public void Dispose() => _cancellation.Dispose();

    private void ReadToEnd()
    {
        try
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As good as closed.
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pull is over.
        }
    }
}
