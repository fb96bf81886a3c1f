using System.Diagnostics;
using System.Globalization;

namespace ActorEmbed.Load;

/// <summary>
/// A client that sends one long text after the other, and another that sends a short one now and then: what the short ones
/// wait. Rounds of two phases, so that each figure is compared with its neighbour in time.
/// </summary>
/// <param name="server">Already started.</param>
/// <param name="words">Of a long text; the server cuts it at the model's maximum.</param>
/// <param name="phase">Time of a phase.</param>
/// <param name="rounds">How many times both phases are run.</param>
internal sealed class LongTexts(ServerUnderLoad server, int words, TimeSpan phase, int rounds)
{
    // As often as in Fairness: the short ones' own work is a small part.
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(1);

    public async Task RunAsync()
    {
        // Caches, pools and the compiler settle first, and the long text's memory is there.
        await server.EmbedAsync(LoadCorpus.LongText(_random, words));
        await ShortAsync(phase / 2);
        var (idle, beside, longs) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            idle.AddRange(await ShortAsync(phase));
            var shorts = ShortAsync(phase);
            longs.AddRange(await LongAsync(phase));
            beside.AddRange(await shorts);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {server.Model}, long texts of {words} words one after the other, {rounds} rounds of {phase.TotalSeconds:F0} s a phase
            long text:    {longs.Count} of them, median {Percentile(longs, 0.5):F0} ms, at most {longs.Max():F0} ms
            short text:   idle p50 {Percentile(idle, 0.5):F1} ms, p95 {Percentile(idle, 0.95):F1} ms; beside long ones p50 {Percentile(beside, 0.5):F1} ms, p95 {Percentile(beside, 0.95):F1} ms, at most {beside.Max():F1} ms
            """));
    }

    private async Task<List<double>> ShortAsync(TimeSpan time)
    {
        var random = new Random(2);
        var milliseconds = new List<double>();
        for (var total = Stopwatch.StartNew(); total.Elapsed < time;)
        {
            milliseconds.Add(await TimeAsync(LoadCorpus.Text(random)));
            await Task.Delay(ShortPause);
        }

        return milliseconds;
    }

    private async Task<List<double>> LongAsync(TimeSpan time)
    {
        var milliseconds = new List<double>();
        for (var total = Stopwatch.StartNew(); total.Elapsed < time;)
            milliseconds.Add(await TimeAsync(LoadCorpus.LongText(_random, words)));
        return milliseconds;
    }

    private async Task<double> TimeAsync(string text)
    {
        var start = Stopwatch.GetTimestamp();
        await server.EmbedAsync(text);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Percentile(List<double> values, double p) => values.Order().ElementAt((int)Math.Min(values.Count - 1, values.Count * p));
}
