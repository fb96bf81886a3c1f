using System.Globalization;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>One line on standard error, redrawn, when somebody watches and it takes a while.</summary>
internal sealed class EmbedProgress(TimeProvider time) : IDisposable
{
    // Short runs are over before a person has read the line.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);

    // The bar's own unit: a thousandth of the input.
    private const long Total = 1000;

    private readonly bool _isShown = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _drawnAt = Quiet - RedrawInterval;
    private int _drawnLength;

    public void Report(long texts, double? fraction)
    {
        var elapsed = time.GetElapsedTime(_start);
        if (!_isShown || elapsed - _drawnAt < RedrawInterval)
            return;
        _drawnAt = elapsed;
        var columns = Math.Max(0, Width() - 1);
        var count = string.Create(CultureInfo.InvariantCulture, $"{texts} texts, {texts / elapsed.TotalSeconds:F0}/s");
        var line = fraction is { } done ? ProgressBar.Format("", (long)(done * Total), Total, count, columns) : count;
        Console.Error.Write("\r" + line.PadRight(Math.Min(_drawnLength, columns)));
        _drawnLength = line.Length;
    }

    public void Dispose()
    {
        if (_drawnLength > 0)
            Console.Error.WriteLine();
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            // A terminal that does not tell.
            return 0;
        }
    }
}
