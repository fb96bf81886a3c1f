using System.Diagnostics;
using System.Globalization;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Tests.RealModels;

namespace ActorEmbed.Bench.Real;

/// <summary>Whether memory stays where it is while batches of every size and texts of every length come in.</summary>
internal static class LengthSoak
{
    private const int MostTexts = 32;
    private const int Lines = 12;

    /// <param name="model">Of it, every length is sent up to the longest.</param>
    /// <param name="variant">See <see cref="RealVariant"/>.</param>
    /// <param name="duration">Of all.</param>
    public static void Run(RealModel model, string variant, TimeSpan duration)
    {
        using var encoder = RealVariant.Open(model, variant);
        (encoder as PackedEncoder)?.WaitForAllThreads();
        var random = new Random(1);
        var watch = Stopwatch.StartNew();
        var batches = 0;
        Console.WriteLine("| seconds | batches | resident, MB |");
        Console.WriteLine("|---|---|---|");
        for (var line = 1; line <= Lines; line++)
        {
            for (; watch.Elapsed < duration * line / Lines; batches++)
                encoder.Encode(Draw(random, model.MaxTokens));
            using var self = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {watch.Elapsed.TotalSeconds:F0} | {batches} | {self.WorkingSet64 / 1e6:F0} |"));
        }
    }

    /// <summary>Mostly short texts, now and then one of any length: what a server gets.</summary>
    private static int[][] Draw(Random random, int longest)
    {
        // Of the vocabulary, behind its marks.
        const int first = 1000, end = 30_000;
        return
        [
            .. Enumerable.Range(0, random.Next(1, MostTexts + 1)).Select(_ =>
                Enumerable.Range(0, 1 + (int)((longest - 1) * Math.Pow(random.NextDouble(), 4))).Select(_ => random.Next(first, end)).ToArray()),
        ];
    }
}
