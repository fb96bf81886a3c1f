using System.Text;

namespace ActorEmbed.Client.Vectors;

/// <summary>Neighbouring texts that travel in one request.</summary>
/// <param name="Start">Index of the first in the caller's list.</param>
/// <param name="Count">1 or more.</param>
internal readonly record struct TextSlice(int Start, int Count)
{
    /// <summary>Cuts a list so that no slice is over either limit; a text over the limit on bytes makes a slice of its own.</summary>
    public static IEnumerable<TextSlice> Cut(IReadOnlyList<string> texts, int maxTexts, int maxBytes)
    {
        var start = 0;
        long bytes = 0;
        for (var index = 0; index < texts.Count; index++)
        {
            var textBytes = Encoding.UTF8.GetByteCount(texts[index]);
            if (index > start && (index - start == maxTexts || bytes + textBytes > maxBytes))
            {
                yield return new TextSlice(start, index - start);
                start = index;
                bytes = 0;
            }

            bytes += textBytes;
        }

        if (start < texts.Count)
            yield return new TextSlice(start, texts.Count - start);
    }

    /// <summary>Sends a list in as many requests as it takes, a few at a time; the first that fails for good ends the others.</summary>
    /// <param name="texts">The list.</param>
    /// <param name="options">How much goes into a request, and how many are in flight.</param>
    /// <param name="send">One slice.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static Task ForEachAsync(
        IReadOnlyList<string> texts, ActorEmbedClientOptions options, Func<TextSlice, CancellationToken, ValueTask> send, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Cut(texts, options.TextsPerRequest, options.MaxBytesPerRequest),
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxConcurrentRequests, CancellationToken = cancellationToken },
            send);
}
