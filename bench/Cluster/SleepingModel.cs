using ActorEmbed.Inference;

namespace ActorEmbed.ClusterBench;

/// <summary>A worker that waits instead of computing, so that a machine with two cores can hold sixteen of them.</summary>
internal sealed class SleepingModel : IEmbeddingModel
{
    // The vectors of paraphrase-multilingual-mpnet-base-v2.
    public const int Dimensions = 768;

    private const int TextsPerBatch = 32;

    // About what two cores take for a full batch in fp32 (SchedulingOptions.BatchTimeout).
    public static readonly TimeSpan BatchLatency = TimeSpan.FromMilliseconds(500);

    private readonly ManualResetEventSlim _never = new();

    /// <summary>What one worker gives when nothing holds it up.</summary>
    public static double TextsPerSecond => TextsPerBatch / BatchLatency.TotalSeconds;

    public ModelInfo Info { get; } = new("bench/sleeping", Dimensions, MaxTokens: 128, Device: "none");

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts)
    {
        _never.Wait(BatchLatency);
        return [.. texts.Select(text => VectorOf(text.Text ?? ""))];
    }

    public TextTokens Tokenize(string text, CancellationToken cancellation = default) => throw new NotSupportedException("The measurement asks for vectors only.");

    public TokenPiece PieceOf(int id) => throw new NotSupportedException("The measurement asks for vectors only.");

    public void Dispose() => _never.Dispose();

    private static TextEmbedding VectorOf(string text)
    {
        // Numbers of full length, because short ones would be cheaper to write as JSON.
        var random = new Random(text.Length);
        var vector = new float[Dimensions];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = random.NextSingle() - 0.5f;
        return new TextEmbedding(vector, TokenCount: 8, IsTruncated: false);
    }
}
