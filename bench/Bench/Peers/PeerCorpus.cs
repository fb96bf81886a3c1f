using ActorEmbed.Bench.StandIn;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Bench.Peers;

/// <summary>Texts of known lengths for the servers.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Texts">In blocks of 32 with the same lengths in each, so that every batch costs the same.</param>
/// <param name="MeanTokens">Average length, the special tokens included.</param>
internal sealed record PeerCorpus(string Name, string[] Texts, double MeanTokens)
{
    // Texts of a request: what the original server took at once.
    private const int BlockSize = 32;

    // More than the fastest server embeds in a measurement, so that no text comes twice in one.
    private const int MixedBlocks = 256, LongBlocks = 64;

    private const int Seed = 8;

    /// <param name="tokenizer">Counts the tokens.</param>
    /// <param name="write">Makes a text of so many tokens.</param>
    public static PeerCorpus[] All(ITextTokenizer tokenizer, Func<Random, int, string> write)
    {
        return [Generate("mixed", MixedBlocks, MixedLength), Generate("long", LongBlocks, LongLength)];

        PeerCorpus Generate(string name, int blocks, Func<double, int> length)
        {
            var random = new Random(Seed);
            var texts = new List<string>();
            var tokens = 0L;
            for (var block = 0; block < blocks; block++)
            {
                // Evenly spaced quantiles instead of draws: a sample of 32 would be a matter of luck.
                var lengths = Enumerable.Range(0, BlockSize).Select(i => length((i + 0.5) / BlockSize)).ToArray();
                random.Shuffle(lengths);
                foreach (var wanted in lengths)
                {
                    var text = write(random, wanted);
                    tokens += tokenizer.Tokenize(text).Ids.Length;
                    texts.Add(text);
                }
            }

            return new PeerCorpus(name, [.. texts], (double)tokens / texts.Count);
        }
    }

    /// <summary>Lengths as sentences and short paragraphs have them: lognormal, about 20 tokens on average, at most 128.</summary>
    private static int MixedLength(double quantile)
    {
        const double location = 2.87, scale = 0.5;
        // Logistic approximation of the inverse normal distribution, good to two digits, which is all that lengths need.
        var normal = Math.Log(quantile / (1 - quantile)) / 1.702;
        return (int)Math.Clamp(Math.Exp(location + scale * normal), 3, StandInShape.MaxTokens);
    }

    /// <summary>
    /// Paragraphs of 72 to 128 tokens. None is longer than the model takes: the peers disagree on whether what is cut off
    /// a text is followed by the closing token.
    /// </summary>
    private static int LongLength(double quantile) => (int)(72 + 57 * quantile);
}
