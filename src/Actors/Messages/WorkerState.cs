namespace ActorEmbed.Actors.Messages;

/// <summary>How a router sees one of its workers.</summary>
public enum WorkerState
{
    /// <summary>It has announced its model, or returned a batch, and has not asked for work yet.</summary>
    Announced,

    /// <summary>It has asked for work and there is none.</summary>
    Free,

    /// <summary>It has a batch.</summary>
    Busy,

    /// <summary>
    /// Its batch did not come back in time, its node cannot be reached, or its inference is being restarted: its batch has
    /// been given to another, and it gets none until it asks again.
    /// </summary>
    Suspect,

    /// <summary>Its node is being stopped: it finishes its batch and gets no other.</summary>
    Leaving,

    /// <summary>Its model is not the one that is served here; it gets no batches.</summary>
    Refused,

    /// <summary>It has closed its model, as nobody had asked for it for a while; it is woken before it gets a batch.</summary>
    Asleep,

    /// <summary>It was woken, and opens its model.</summary>
    Waking,
}
