using System.Text.Json;
using ActorEmbed.Api.Hosting.Events;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference.Hub;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class ProgressLineTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoadProgress _progress = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly ProgressLines _lines;

    public ProgressLineTests() => _lines = new ProgressLines(_progress, new EventLines(_output), _time);

    public void Dispose()
    {
        _lines.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void Bytes_are_told_four_times_a_second_at_most_and_a_note_at_once()
    {
        for (var bytes = 0; bytes < 500; bytes++)
        {
            _progress.Report(Downloading(bytes));
            _time.Advance(TimeSpan.FromMilliseconds(2));
        }

        var told = Told().Count;
        _progress.Report(Downloading(500) with { Stage = PullStage.Downloading, Note = "slow" });
        _progress.Report(Downloading(1000));

        Assert.Equal(4, told);
        Assert.Equal(["slow", null], Told().Skip(told).Select(line => line.TryGetProperty("note", out var note) ? note.GetString() : null));
    }

    [Fact]
    public void A_load_in_which_nothing_changes_gives_a_sign_of_life_and_one_that_is_over_none()
    {
        _progress.BeginCompiling("a/b");
        for (var beats = 0; beats < 4; beats++)
            _time.Advance(ProgressLines.Heartbeat);
        var whileCompiling = Told();
        _progress.End();
        _time.Advance(4 * ProgressLines.Heartbeat);

        Assert.Equal(5, whileCompiling.Count);
        Assert.All(whileCompiling, line => Assert.Equal(("compiling", "a/b"), (line.GetProperty("stage").GetString(), line.GetProperty("model").GetString())));
        Assert.Equal(5, Told().Count);
    }

    private static PullProgress Downloading(long bytes) => new(PullStage.Downloading, "a/b", "f", bytes, 1000, bytes, 1000, null);

    private List<JsonElement> Told() =>
        [.. _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
