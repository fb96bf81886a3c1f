using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;

namespace ActorEmbed.Inference.Compilation;

/// <summary>
/// The self-test of a freshly compiled model: a text's vector must be bit-identical alone, first, last, among short
/// and long ones, with one thread and with all, and beside other runs. Which kernels keep that depends on the
/// processor, so every machine has to show it for itself.
/// </summary>
internal static class InvarianceCheck
{
    // Around the multiples of 8, 16 and 64 where kernels change from whole vectors to tails.
    private static readonly int[] Lengths = [1, 2, 5, 8, 9, 15, 16, 17, 31, 33, 48, 63, 65, 96, 128];

    // Any fixed number: the same test on every start.
    private const int Seed = 7;

    /// <returns>What is not as it should be, or null.</returns>
    public static string? FindFailure(PackedEncoder encoder, EncoderArchitecture architecture, int threads)
    {
        var random = new Random(Seed);
        if (FindFailureOfLongTexts(encoder, architecture, random) is { } failure)
            return failure;
        var most = Math.Min(architecture.MaxTokens, architecture.LongTexts.LongerThan);
        var texts = Lengths.Where(length => length <= most)
            .Select(length => RandomText(random, length, architecture.Vocabulary)).ToArray();
        var alone = texts.Select(ids => encoder.EncodeInOneRun([ids], allThreads: false)[0]).ToArray();
        if (alone.Any(vector => vector.Any(component => !float.IsFinite(component))))
            return "a vector has components that are not numbers";

        int[] forwards = [.. Enumerable.Range(0, texts.Length)];
        int[] backwards = [.. forwards.Reverse()];
        for (var i = 0; i < texts.Length; i++)
        {
            if (!Same(encoder, texts, alone, [i], allThreads: true))
                return $"{texts[i].Length} tokens alone: another vector with all threads than with one";
        }

        foreach (var allThreads in new[] { false, true })
        {
            foreach (var order in new[] { forwards, backwards })
            {
                if (!Same(encoder, texts, alone, order, allThreads) || !Same(encoder, texts, alone, order[..(order.Length / 2)], allThreads))
                    return "another vector beside other texts than alone";
            }
        }

        return SameConcurrently(encoder, texts, alone, threads) ? null : "another vector beside other runs than alone";
    }

    /// <summary>They run alone, so that only the number of threads is left to matter.</summary>
    private static string? FindFailureOfLongTexts(PackedEncoder encoder, EncoderArchitecture architecture, Random random)
    {
        var (longerThan, block) = architecture.LongTexts;
        foreach (var length in new[] { longerThan + 1, longerThan + block + 9 }.Where(length => length <= architecture.MaxTokens))
        {
            int[][] text = [RandomText(random, length, architecture.Vocabulary)];
            var vectors = encoder.EncodeInOneRun(text, allThreads: false);
            if (vectors[0].Any(component => !float.IsFinite(component)))
                return $"{length} tokens: a vector has components that are not numbers";
            if (!Equal(encoder.EncodeInOneRun(text, allThreads: true), vectors))
                return $"{length} tokens: another vector with all threads than with one";
        }

        return null;
    }

    private static bool SameConcurrently(PackedEncoder encoder, int[][] texts, float[][] alone, int threads)
    {
        var failures = 0;
        Parallel.For(0, 2 * threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, run =>
        {
            var first = run % texts.Length;
            int[] rotated = [.. Enumerable.Range(0, texts.Length).Select(i => (first + i) % texts.Length)];
            if (!Same(encoder, texts, alone, rotated, allThreads: false))
                Interlocked.Increment(ref failures);
        });
        return failures == 0;
    }

    private static bool Same(PackedEncoder encoder, int[][] texts, float[][] alone, int[] order, bool allThreads) =>
        Equal(encoder.EncodeInOneRun([.. order.Select(i => texts[i])], allThreads), [.. order.Select(i => alone[i])]);

    private static bool Equal(float[][] vectors, float[][] expected)
    {
        for (var i = 0; i < vectors.Length; i++)
        {
            if (!vectors[i].AsSpan().SequenceEqual(expected[i]))
                return false;
        }

        return true;
    }

    private static int[] RandomText(Random random, int length, int vocabulary)
    {
        var ids = new int[length];
        foreach (ref var id in ids.AsSpan())
            id = random.Next(vocabulary);
        return ids;
    }
}
