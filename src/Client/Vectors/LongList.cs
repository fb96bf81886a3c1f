namespace ActorEmbed.Client.Vectors;

/// <summary>A list of texts, in as many requests as it takes.</summary>
/// <param name="texts">At least one.</param>
/// <param name="options">How much goes into a request, and how many are in flight.</param>
/// <param name="dimensions">What every vector must have; null for what the first answer has.</param>
internal sealed class LongList(string[] texts, ActorEmbedClientOptions options, int? dimensions)
{
    private readonly float[][] _vectors = new float[texts.Length][];
    private string? _model;
    private int _dimensions = dimensions ?? 0;

    /// <summary>The vectors of all, in the order of the texts.</summary>
    /// <param name="send">Embeds a slice; asks for the dimensions when the answer is there, as another one may have told them meanwhile.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<EmbedAnswer> EmbedAsync(
        Func<ReadOnlyMemory<string>, Func<int?>, CancellationToken, Task<EmbedAnswer>> send, CancellationToken cancellationToken)
    {
        long tokens = 0;
        var areAllTold = true;
        await TextSlice.ForEachAsync(
            texts,
            options,
            async (slice, cancellation) =>
            {
                var answer = await send(texts.AsMemory(slice.Start, slice.Count), Expected, cancellation).ConfigureAwait(false);
                Interlocked.CompareExchange(ref _dimensions, answer.Dimensions, 0);
                if (answer.Model is { } model && Interlocked.CompareExchange(ref _model, model, null) is { } first && first != model)
                    throw Http.Failures.WrongModel(first, model);
                Interlocked.Add(ref tokens, answer.Tokens ?? 0);
                if (answer.Tokens is null)
                    Volatile.Write(ref areAllTold, false);
                answer.Vectors.CopyTo(_vectors, slice.Start);
            },
            cancellationToken).ConfigureAwait(false);
        return new EmbedAnswer(_vectors, areAllTold ? tokens : null, _model);
    }

    private int? Expected() => Volatile.Read(ref _dimensions) is > 0 and var expected ? expected : null;
}
