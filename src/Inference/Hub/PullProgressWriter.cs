using System.Globalization;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// Shows a pull to a person: one line that is redrawn on a terminal, otherwise a plain line for each file and each
/// tenth of a large one, so that a log stays readable. No escape sequences in either.
/// </summary>
public sealed class PullProgressWriter : IProgress<PullProgress>, IDisposable
{
    /// <summary>Ten redraws a second look smooth and cost nothing.</summary>
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Files that arrive at once anyway: a line for each tenth would say nothing.</summary>
    private const long SmallFileBytes = 16 << 20;

    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly Func<int>? _terminalWidth;
    private readonly TimeProvider _time;
    private readonly TransferRate _rate;
    private readonly Dictionary<string, int> _tenths = new(StringComparer.Ordinal);
    private long? _drawnAt;
    private int _drawnLength;
    private (string Name, long Size) _largest = ("", -1);

    /// <summary>Shows a pull on a writer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="terminalWidth">Columns of the terminal, asked at each redraw; null when it is none.</param>
    /// <param name="time">Clock for the rate.</param>
    public PullProgressWriter(TextWriter output, Func<int>? terminalWidth, TimeProvider? time = null)
    {
        (_output, _terminalWidth, _time) = (output, terminalWidth, time ?? TimeProvider.System);
        _rate = new TransferRate(_time);
    }

    /// <summary>A writer for the error stream of this process, which leaves the output to results.</summary>
    /// <param name="showBar">False for plain lines even on a terminal: see <see cref="HubOptions.ShowProgressBar"/>.</param>
    public static PullProgressWriter ForStandardError(bool showBar = true)
    {
        var isTerminal = showBar && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new PullProgressWriter(Console.Error, isTerminal ? Width : null);
    }

    /// <inheritdoc />
    public void Report(PullProgress value)
    {
        lock (_lock)
        {
            if (value.Stage == PullStage.Starting)
                _rate.Skip(value.FileBytes);
            if (value.Stage is PullStage.Starting or PullStage.Downloading)
                _rate.Update(value.Bytes);
            if (value.Note is not null)
                WriteLine(value.Note);
            else if (_terminalWidth is null)
                WritePlain(value);
            else
                Draw(value);
        }
    }

    /// <summary>Ends the line that is being redrawn.</summary>
    public void Dispose()
    {
        lock (_lock)
            EndLine();
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private void WritePlain(PullProgress value)
    {
        switch (value.Stage)
        {
            case PullStage.Starting when value.FileBytes > 0:
                _tenths[value.File] = Tenths(value);
                WriteLine($"{value.File}: going on after {ByteSize.Format(value.FileBytes)} of {ByteSize.Format(value.FileSize)}");
                break;
            case PullStage.Downloading when value.FileSize >= SmallFileBytes
                                            && Tenths(value) is > 0 and < 10 and var tenths
                                            && tenths > _tenths.GetValueOrDefault(value.File):
                _tenths[value.File] = tenths;
                WriteLine($"{value.File}: {tenths}0 % of {ByteSize.Format(value.FileSize)}{Speed()}");
                break;
            case PullStage.FileDone:
                WriteLine($"{value.File}: done, {ByteSize.Format(value.FileSize)}");
                break;
        }
    }

    private static int Tenths(PullProgress value) =>
        value.FileSize > 0 ? (int)(value.FileBytes * 10 / value.FileSize) : 10;

    private void Draw(PullProgress value)
    {
        if (value.File.Length > 0 && value.FileSize >= _largest.Size)
            _largest = value.Stage == PullStage.FileDone ? ("", -1) : (value.File, value.FileSize);
        var isDue = value.Stage is PullStage.Done or PullStage.FileDone
                    || _drawnAt is not { } drawn || _time.GetElapsedTime(drawn) >= RedrawInterval;
        if (!isDue || value.Size == 0)
            return;

        _drawnAt = _time.GetTimestamp();
        var columns = _terminalWidth!() - 1;
        var line = ProgressBar.Format(_largest.Name, value.Bytes, value.Size, Details(value), columns);
        // Spaces, not an escape sequence, wipe what a longer line left.
        _output.Write("\r" + line.PadRight(Math.Min(_drawnLength, Math.Max(0, columns))));
        _output.Flush();
        _drawnLength = line.Length;
        if (value.Stage == PullStage.Done)
            EndLine();
    }

    private string Details(PullProgress value) =>
        $"{ByteSize.Format(value.Bytes)} / {ByteSize.Format(value.Size)}{Speed()}{TimeLeft(value)}";

    private string Speed() => _rate.BytesPerSecond is { } rate ? $", {ByteSize.Format(rate)}/s" : "";

    private string TimeLeft(PullProgress value)
    {
        var remaining = value.Size - value.Bytes;
        if (remaining <= 0 || _rate.BytesPerSecond is not > 0)
            return "";
        var seconds = remaining / _rate.BytesPerSecond.Value;
        // A day is as good as never.
        if (seconds >= 86_400)
            return "";
        var left = TimeSpan.FromSeconds(Math.Ceiling(seconds));
        return ", " + left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture) + " left";
    }

    private void WriteLine(string line)
    {
        EndLine();
        _output.WriteLine(line);
        _output.Flush();
    }

    private void EndLine()
    {
        if (_drawnLength > 0)
            _output.WriteLine();
        _drawnLength = 0;
        _drawnAt = null;
    }
}
