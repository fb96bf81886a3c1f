using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>How large the batches of one model may be: as the settings say, and otherwise as suits the device that it runs on.</summary>
/// <param name="options">The settings.</param>
internal sealed class BatchLimits(SchedulingOptions options)
{
    private BatchSize _suited = BatchSize.OfProcessor;

    /// <summary>The settings.</summary>
    public SchedulingOptions Options => options;

    /// <summary>Most texts of a batch.</summary>
    public int Texts => TextsOf(_suited);

    /// <summary>Most tokens of a batch, estimated.</summary>
    public int Tokens => options.MaxTokensPerBatch ?? _suited.Tokens;

    /// <summary>Failed batches in a row after which the service has failed for good.</summary>
    public int FailedBatches => options.MaxFailedBatches ?? Math.Max(_suited.FailedBatches, Texts + 1);

    /// <summary>The model runs there.</summary>
    /// <param name="device">As <see cref="ModelInfo.Device"/>.</param>
    public void SuitTo(string device) => _suited = BatchSize.Of(device);

    /// <summary>As <see cref="Texts"/>, once a model runs there.</summary>
    /// <param name="device">As <see cref="ModelInfo.Device"/>.</param>
    public int TextsOn(string device) => TextsOf(BatchSize.Of(device));

    /// <summary>Time after which a batch of this cost counts as hung.</summary>
    /// <param name="cost">In tokens of short texts.</param>
    public TimeSpan TimeoutOf(long cost)
    {
        var seconds = options.BatchTimeout.TotalSeconds * Math.Max(1d, (double)cost / Tokens);
        return TimeSpan.FromSeconds(Math.Min(seconds, WaitTimes.Longest.TotalSeconds));
    }

    // A batch of nothing but bad texts, tried again one by one, must not end the service: fewer, where the settings allow fewer failures.
    private int TextsOf(BatchSize size) => options.MaxTextsPerBatch ?? (options.MaxFailedBatches is { } failed
        ? Math.Clamp(failed - 1, BatchSize.OfProcessor.Texts, size.Texts)
        : size.Texts);
}
