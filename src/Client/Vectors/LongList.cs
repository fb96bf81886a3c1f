namespace ActorEmbed.Client.Vectors;

/// <summary>A list of texts, in as many requests as it takes.</summary>
/// <param name="texts">At least one.</param>
/// <param name="options">How much goes into a request, and how many are in flight.</param>
/// <param name="dimensions">What every vector must have; null for what the first answer has.</param>
internal sealed class LongList(string[] texts, ActorEmbedClientOptions options, int? dimensions)
{
    private readonly TextSlice[] _slices = [.. TextSlice.Cut(texts, options.TextsPerRequest, options.MaxBytesPerRequest)];
    private readonly float[][] _vectors = new float[texts.Length][];
    private string? _model;
    private int _dimensions = dimensions ?? 0;

    /// <summary>The vectors of all, in the order of the texts.</summary>
    /// <param name="send">Embeds a slice; asks for the dimensions when the answer is there, as another one may have told them meanwhile.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<EmbedAnswer> EmbedAsync(
        Func<ReadOnlyMemory<string>, Func<int?>, CancellationToken, Task<EmbedAnswer>> send, CancellationToken cancellationToken)
    {
        var tokens = new long?[_slices.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, _slices.Length),
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxConcurrentRequests, CancellationToken = cancellationToken },
            async (number, cancellation) =>
            {
                var (start, count) = _slices[number];
                var answer = await send(texts.AsMemory(start, count), Expected, cancellation).ConfigureAwait(false);
                Interlocked.CompareExchange(ref _dimensions, answer.Dimensions, 0);
                if (answer.Model is { } model && Interlocked.CompareExchange(ref _model, model, null) is { } first && first != model)
                    throw Http.Failures.WrongModel(first, model);
                tokens[number] = answer.Tokens;
                answer.Vectors.CopyTo(_vectors, start);
            }).ConfigureAwait(false);
        return new EmbedAnswer(_vectors, tokens.Contains(null) ? null : tokens.Sum(), _model);
    }

    private int? Expected() => Volatile.Read(ref _dimensions) is > 0 and var expected ? expected : null;
}
