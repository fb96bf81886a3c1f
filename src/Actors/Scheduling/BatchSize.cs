using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>How large the batches of a device are where no setting says so.</summary>
/// <param name="Texts">Most texts.</param>
/// <param name="Tokens">Most tokens, estimated.</param>
/// <param name="FailedBatches">Failed batches in a row after which the service has failed: more than a batch has texts.</param>
internal sealed record BatchSize(int Texts, int Tokens, int FailedBatches)
{
    // As ModelInfo.Device has it.
    private const string Cuda = "cuda";

    /// <summary>
    /// The batch size of sentence-transformers and of the old sidecar; two runs of the graph at its best size (512 tokens): enough for two
    /// cores, short enough that the next caller has its turn soon. Apple's accelerators have runs of as many (<c>FixedRuns</c>).
    /// </summary>
    public static BatchSize OfProcessor { get; } = new(Texts: 32, Tokens: 1024, FailedBatches: 40);

    /// <summary>
    /// With fewer than about 8,000 tokens the products of a base-sized model do not fill a data-centre accelerator: one run of its
    /// graph (<c>BoundEncoder</c>), with texts of 32 tokens on average.
    /// </summary>
    public static BatchSize OfCuda { get; } = new(Texts: 256, Tokens: 8192, FailedBatches: 300);

    /// <param name="device">As <see cref="ModelInfo.Device"/>.</param>
    public static BatchSize Of(string device) => device == Cuda ? OfCuda : OfProcessor;
}
