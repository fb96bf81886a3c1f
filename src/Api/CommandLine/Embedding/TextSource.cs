using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>
/// The texts of <c>actorembed embed</c>: from the arguments, or the lines of a file or of standard input. Lines are
/// read ahead on a thread of their own, so that what has arrived can be embedded while the rest is still to come.
/// </summary>
internal sealed class TextSource : IDisposable
{
    // Enough for several batches; a file of any size costs no more memory than this many lines.
    private const int LinesAhead = 1024;

    private readonly Channel<string> _texts = Channel.CreateBounded<string>(
        new BoundedChannelOptions(LinesAhead) { SingleReader = true, SingleWriter = true });

    private readonly Stream? _lines;
    private readonly bool _isJson;

    private TextSource(Stream? lines, bool isJson) => (_lines, _isJson) = (lines, isJson);

    /// <summary>0 to 1; null where the end is not known.</summary>
    public double? Fraction => _lines is { CanSeek: true, Length: > 0 } ? (double)_lines.Position / _lines.Length : null;

    public static TextSource Of(IReadOnlyList<string> texts)
    {
        var input = new TextSource(null, isJson: false);
        _ = Task.Run(async () =>
        {
            foreach (var text in texts)
                await input._texts.Writer.WriteAsync(text);
            input._texts.Writer.Complete();
        });
        return input;
    }

    /// <param name="lines">UTF-8; disposed with this.</param>
    /// <param name="isJson">Whether each line is a JSON string, or an object with the string <c>text</c>.</param>
    public static TextSource Of(Stream lines, bool isJson)
    {
        var input = new TextSource(lines, isJson);
        new Thread(input.ReadLines) { IsBackground = true, Name = "text-input" }.Start();
        return input;
    }

    /// <summary>What is there, at least one text and at most so many; empty at the end.</summary>
    /// <exception cref="InvalidDataException">A line is not what it should be; names it.</exception>
    public async Task<IReadOnlyList<string>> NextAsync(int maxTexts, CancellationToken cancellation)
    {
        var texts = new List<string>();
        while (texts.Count == 0 && await _texts.Reader.WaitToReadAsync(cancellation))
        {
            while (texts.Count < maxTexts && _texts.Reader.TryRead(out var text))
                texts.Add(text);
        }

        return texts;
    }

    public void Dispose() => _lines?.Dispose();

    private void ReadLines()
    {
        try
        {
            // Throws at invalid bytes instead of embedding a text that nobody wrote.
            using var reader = new StreamReader(_lines!, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
            for (var number = 1L; reader.ReadLine() is { } line; number++)
            {
                var text = _isJson ? TextOf(line, number) : line;
                while (!_texts.Writer.TryWrite(text))
                    _texts.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult();
            }

            _texts.Writer.Complete();
        }
        catch (DecoderFallbackException e)
        {
            _texts.Writer.Complete(new InvalidDataException("The input is not UTF-8.", e));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ObjectDisposedException)
        {
            _texts.Writer.Complete(e);
        }
    }

    private static string TextOf(string line, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var value = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("text", out var text) ? text : json.RootElement;
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString()!;
        }
        catch (JsonException)
        {
            // Told below, like every other line that is no text.
        }

        throw new InvalidDataException($"Line {number} of the input is neither a JSON string nor an object with the string 'text'.");
    }
}
