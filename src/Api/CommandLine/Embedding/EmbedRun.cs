using ActorEmbed.Inference;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>
/// Embeds a whole input. Straight through the model: there is one caller, so queue, fairness and supervision have
/// nothing to do, and the start is shorter without them.
/// </summary>
internal sealed class EmbedRun(IEmbeddingModel model, TextSource input, IVectorWriter writer, EmbedProgress progress)
{
    // Eight of the server's batches: the model groups texts of like length within what it is given.
    private const int TextsAtOnce = 256;

    public bool Normalize { get; init; } = true;

    /// <summary>What goes before each text; null for the model's default.</summary>
    public PromptChoice? Prompt { get; init; }

    /// <summary>Texts of which the model took only a part.</summary>
    public long Truncated { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var index = 0L;
        for (var texts = await input.NextAsync(TextsAtOnce, cancellation); texts.Count > 0; texts = await input.NextAsync(TextsAtOnce, cancellation))
        {
            foreach (var embedding in model.Embed([.. texts.Select(text => EmbeddingInput.FromString(text) with { Prompt = Prompt })]))
            {
                Truncated += embedding.IsTruncated ? 1 : 0;
                writer.Write(index++, Normalize ? embedding with { Vector = VectorNorm.Normalize(embedding.Vector) } : embedding);
            }

            writer.Flush();
            progress.Report(index, input.Fraction);
            cancellation.ThrowIfCancellationRequested();
        }

        writer.Finish();
    }
}
