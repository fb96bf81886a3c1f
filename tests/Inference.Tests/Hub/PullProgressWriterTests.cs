using ActorEmbed.Inference.Hub;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class PullProgressWriterTests : IDisposable
{
    private const long Size = 1_110_000_000;
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Without_a_terminal_each_tenth_of_a_large_file_is_a_line()
    {
        using var writer = new PullProgressWriter(_output, null, _time);

        PullAll(writer);

        Assert.Equal(
            [
                "model.safetensors: 10 % of 1.11 GB, 11.1 MB/s", "model.safetensors: 20 % of 1.11 GB, 11.1 MB/s",
                "model.safetensors: 30 % of 1.11 GB, 11.1 MB/s", "model.safetensors: 40 % of 1.11 GB, 11.1 MB/s",
                "model.safetensors: 50 % of 1.11 GB, 11.1 MB/s", "model.safetensors: 60 % of 1.11 GB, 11.1 MB/s",
                "model.safetensors: 70 % of 1.11 GB, 11.1 MB/s", "model.safetensors: 80 % of 1.11 GB, 11.1 MB/s",
                "model.safetensors: 90 % of 1.11 GB, 11.1 MB/s", "model.safetensors: done, 1.11 GB",
            ], _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Without_a_terminal_a_small_file_is_one_line()
    {
        using var writer = new PullProgressWriter(_output, null, _time);

        writer.Report(File(PullStage.Starting, 0, 419));
        writer.Report(File(PullStage.Downloading, 200, 419));
        writer.Report(File(PullStage.FileDone, 419, 419));

        Assert.Equal("model.safetensors: done, 419 B\n", _output.ToString());
    }

    [Fact]
    public void Without_a_terminal_a_resumed_file_says_where_it_goes_on()
    {
        using var writer = new PullProgressWriter(_output, null, _time);

        writer.Report(File(PullStage.Starting, Size / 2, Size));
        writer.Report(File(PullStage.Downloading, (Size / 2) + 1, Size));

        Assert.Equal("model.safetensors: going on after 555 MB of 1.11 GB\n", _output.ToString());
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds_and_not_of_what_was_there()
    {
        var rate = new TransferRate(_time);
        rate.Skip(1_000_000);
        rate.Update(1_000_000);
        Assert.Null(rate.BytesPerSecond);

        for (var second = 1; second <= 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            rate.Update(1_000_000 + (second * 1000));
            Assert.Equal(1000, rate.BytesPerSecond!.Value, 0.1);
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        rate.Update(1_060_000);
        Assert.Equal(0, rate.BytesPerSecond!.Value, 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void On_a_terminal_no_line_is_as_wide_as_the_terminal(int width)
    {
        using var writer = new PullProgressWriter(_output, () => width, _time);

        PullAll(writer);

        Assert.All(_output.ToString().Split('\r', '\n'), line => Assert.InRange(line.Length, 0, Math.Max(0, width - 1)));
    }

    [Fact]
    public void On_a_terminal_one_line_is_redrawn_and_ended_once()
    {
        using var writer = new PullProgressWriter(_output, () => 120, _time);

        PullAll(writer);

        var text = _output.ToString();
        Assert.Contains(
            "\rmodel.safetensors [####################--------------------]  50 % 555 MB / 1.11 GB, 11.1 MB/s, 0:50 left",
            text, StringComparison.Ordinal);
        Assert.EndsWith("] 100 % 1.11 GB / 1.11 GB, 11.1 MB/s\n", text.Replace(" \n", "\n", StringComparison.Ordinal).TrimEnd(' '), StringComparison.Ordinal);
        Assert.Single(text, c => c == '\n');
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void On_a_terminal_a_shorter_line_wipes_the_longer_one_before_it()
    {
        using var writer = new PullProgressWriter(_output, () => 100, _time);

        PullAll(writer);

        var screen = Enumerable.Repeat(' ', 100).ToArray();
        foreach (var line in _output.ToString().TrimEnd('\n').Split('\r', StringSplitOptions.RemoveEmptyEntries))
        {
            line.CopyTo(screen);
            Assert.Equal(line.TrimEnd(), new string(screen).TrimEnd());
        }
    }

    [Fact]
    public void Redraws_are_ten_a_second_at_most()
    {
        using var writer = new PullProgressWriter(_output, () => 80, _time);

        for (var i = 1; i <= 1000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            writer.Report(File(PullStage.Downloading, i, Size));
        }

        Assert.InRange(_output.ToString().Count(c => c == '\r'), 9, 11);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_note_is_a_line_of_its_own(bool isTerminal)
    {
        using var writer = new PullProgressWriter(_output, isTerminal ? () => 80 : null, _time);

        writer.Report(File(PullStage.Downloading, 1, Size));
        writer.Report(File(PullStage.Retrying, 1, Size) with { Note = "it broke" });

        var text = _output.ToString();
        Assert.EndsWith(isTerminal ? "\nit broke\n" : "it broke\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(9_999, "10.0 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.00 MB")]
    [InlineData(1_112_197_096, "1.11 GB")]
    public void Bytes_are_written_with_three_digits(long bytes, string expected)
    {
        Assert.Equal(expected, ByteSize.Format(bytes));
    }

    public void Dispose() => _output.Dispose();

    private void PullAll(PullProgressWriter writer)
    {
        writer.Report(File(PullStage.Starting, 0, Size));
        for (var percent = 1; percent <= 100; percent++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            writer.Report(File(PullStage.Downloading, Size / 100 * percent, Size));
        }

        writer.Report(File(PullStage.FileDone, Size, Size));
        writer.Report(new PullProgress(PullStage.Done, "a/b", "", 0, 0, Size, Size, null));
    }

    private static PullProgress File(PullStage stage, long bytes, long size) =>
        new(stage, "a/b", "model.safetensors", bytes, size, bytes, size, null);
}
