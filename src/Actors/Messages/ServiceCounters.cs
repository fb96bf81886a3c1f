namespace ActorEmbed.Actors.Messages;

/// <summary>Counts since the start of the router.</summary>
public sealed record ServiceCounters
{
    /// <summary>Requests answered with vectors or scores.</summary>
    public long Answered { get; init; }

    /// <summary>Requests rejected, for whatever reason.</summary>
    public long Rejected { get; init; }

    /// <summary>Batches that came back with vectors.</summary>
    public long Batches { get; init; }

    /// <summary>Texts of those batches.</summary>
    public long Texts { get; init; }

    /// <summary>Texts of a batch, on average; 0 before the first one.</summary>
    public double MeanBatchFill => Batches == 0 ? 0 : (double)Texts / Batches;

    /// <summary>Tokens that reached the model.</summary>
    public long Tokens { get; init; }

    /// <summary>Texts that were cut to the model's maximum.</summary>
    public long Truncated { get; init; }

    /// <summary>Times that inference was started again after a failure.</summary>
    public long Restarts { get; init; }

    /// <summary>Batches that did not come back from an inference node and were given to another.</summary>
    public long LostBatches { get; init; }
}
