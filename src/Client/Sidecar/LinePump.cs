using System.Text;

namespace ActorEmbed.Client.Sidecar;

/// <summary>Keeps a child's pipe drained, and hands on its lines.</summary>
internal static class LinePump
{
    // A child that writes without line ends must not grow its parent's memory.
    private const int LongestLine = 16_384;

    /// <summary>Ends when the pipe does. A pipe may break with its process; the exit says all there is to say.</summary>
    public static async Task RunAsync(TextReader reader, Action<string> onLine)
    {
        var chunk = new char[4096];
        var line = new StringBuilder();
        try
        {
            for (var read = -1; read != 0;)
            {
                read = await reader.ReadAsync(chunk).ConfigureAwait(false);
                foreach (var character in chunk.AsSpan(0, read))
                {
                    if (character == '\n')
                        Flush(line, onLine);
                    else if (line.Length < LongestLine)
                        line.Append(character);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // What had arrived is still told.
        }

        Flush(line, onLine);
    }

    private static void Flush(StringBuilder line, Action<string> onLine)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        if (text.Length > 0)
            onLine(text);
    }
}
