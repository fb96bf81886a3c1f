namespace ActorEmbed.Inference.Encoders;

/// <summary>How an encoder may use the machine.</summary>
/// <param name="Threads">
/// Cores to use at most, at least 1; by default all. Fewer leave room for others on the same machine.
/// </param>
internal sealed record EncoderOptions(int Threads)
{
    public static EncoderOptions Default { get; } = new(Environment.ProcessorCount);
}
