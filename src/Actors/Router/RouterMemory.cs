using ActorEmbed.Actors.Inference;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>What a router leaves to the one that its supervisor puts in its place after a failure.</summary>
internal sealed class RouterMemory
{
    // Two such numbers are told apart by their upper halves; the lower ones count.
    private const int CounterBits = 32;

    /// <summary>What is served; null before a worker has announced it.</summary>
    public ModelInfo? Model { get; set; }

    /// <summary>Whether vectors of that model were given out: those of two models do not compare, so it stays.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>What is left of its worker, where that is in this process.</summary>
    public InferenceMemory Inference { get; } = new();

    /// <summary>
    /// Where a router begins to count what it asks and is asked: there may still be an answer to one before it, so no two
    /// have ids in common.
    /// </summary>
    public static long NewFirstId() => (long)Random.Shared.Next() << CounterBits;
}
