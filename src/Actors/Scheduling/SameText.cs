namespace ActorEmbed.Actors.Scheduling;

/// <summary>Takes two items for equal when one computation serves both: the same text, to be treated alike.</summary>
internal sealed class SameText : IEqualityComparer<BatchItem>
{
    public static readonly SameText Instance = new();

    private SameText()
    {
    }

    public bool Equals(BatchItem x, BatchItem y) => x.Request.TextAt(x.Index) == y.Request.TextAt(y.Index);

    public int GetHashCode(BatchItem item) => item.Request.HashAt(item.Index);
}
