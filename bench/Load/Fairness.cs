using System.Diagnostics;
using System.Globalization;

namespace ActorEmbed.Load;

/// <summary>
/// A bulk client that indexes without pause, and another that sends a single text now and then: what each loses by the
/// other. Rounds of three phases, so that each figure is compared with its neighbours in time.
/// </summary>
/// <param name="server">Already started.</param>
/// <param name="bulk">How the bulk client sends its texts.</param>
/// <param name="phase">Time of a phase.</param>
/// <param name="rounds">How many times all phases are run.</param>
/// <param name="singleModel">The model that single texts are for, where that is another than that of the bulk; null for the first.</param>
internal sealed class Fairness(ServerUnderLoad server, BulkLoad bulk, TimeSpan phase, int rounds, string? singleModel)
{
    // Two singles a second: now and then, so that their own work is a small part, yet enough in all rounds for a 95th percentile.
    private static readonly TimeSpan SinglePause = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(1);

    public async Task RunAsync()
    {
        // Caches, pools and the compiler settle first.
        await Task.WhenAll(SinglesAsync(phase / 2), BulkAsync(phase / 2));
        var idle = new List<double>();
        var beside = new List<double>();
        var alone = new List<double>();
        var disturbed = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            idle.Add(Percentile(await SinglesAsync(phase), 0.95));
            alone.Add(await BulkAsync(phase));
            var singles = SinglesAsync(phase);
            disturbed.Add(await BulkAsync(phase));
            beside.Add(Percentile(await singles, 0.95));
        }

        var (i, b, a, d) = (Median(idle), Median(beside), Median(alone), Median(disturbed));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {server.Model}{(singleModel is null ? "" : $", singles to {singleModel}")}, {bulk}, {rounds} rounds of {phase.TotalSeconds:F0} s a phase, medians (minimum to maximum)
            single text, p95:   idle {i:F1} ms ({idle.Min():F1} to {idle.Max():F1}), beside bulk {b:F1} ms ({beside.Min():F1} to {beside.Max():F1}): {b / i:F2}x
            bulk, texts/s:      alone {a:F0} ({alone.Min():F0} to {alone.Max():F0}), beside singles {d:F0} ({disturbed.Min():F0} to {disturbed.Max():F0}): {d / a:P0}
            """));
    }

    private async Task<List<double>> SinglesAsync(TimeSpan time)
    {
        var milliseconds = new List<double>();
        for (var total = Stopwatch.StartNew(); total.Elapsed < time;)
        {
            var text = LoadCorpus.Text(_random);
            var one = Stopwatch.StartNew();
            await server.EmbedAsync(text, singleModel);
            milliseconds.Add(one.Elapsed.TotalMilliseconds);
            await Task.Delay(SinglePause);
        }

        return milliseconds;
    }

    /// <returns>Texts a second.</returns>
    private async Task<double> BulkAsync(TimeSpan time)
    {
        var texts = 0;
        var total = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(2, bulk.UnderWay).Select(seed => ClientAsync(new Random(seed))));
        return texts / total.Elapsed.TotalSeconds;

        async Task ClientAsync(Random random)
        {
            while (total.Elapsed < time)
            {
                var count = random.Next(bulk.MinTexts, bulk.MaxTexts + 1);
                await server.EmbedAsync(LoadCorpus.Texts(random, count));
                Interlocked.Add(ref texts, count);
            }
        }
    }

    private static double Percentile(List<double> values, double p) => values.Order().ElementAt((int)Math.Min(values.Count - 1, values.Count * p));

    private static double Median(List<double> values) => Percentile(values, 0.5);
}
