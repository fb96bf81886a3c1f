using System.Diagnostics.CodeAnalysis;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>The bounds of everything that waits, in texts and in memory, and how much of them is taken.</summary>
/// <param name="options">How much there is.</param>
internal sealed class QueueRoom(SchedulingOptions options)
{
    /// <summary>Texts that wait.</summary>
    public int Texts { get; private set; }

    /// <summary>Of every request that has not been answered, in bytes: its texts stay in memory until then.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether this many more texts and bytes fit now.</summary>
    public bool Has(int texts, long bytes) =>
        (long)Texts + texts <= options.MaxQueuedTexts && Bytes + bytes <= options.MaxQueuedBytes;

    /// <summary>Whether a request of this size would fit into the empty queue.</summary>
    public bool CouldHave(int texts, long bytes, [NotNullWhen(false)] out string? whyNot)
    {
        if (texts > options.MaxQueuedTexts)
            whyNot = $"The request has {texts} texts, which is more than this server ever queues: {options.MaxQueuedTexts}.";
        else if (bytes > options.MaxQueuedBytes)
            whyNot = $"The request takes {bytes} bytes of memory, which is more than this server ever queues: {options.MaxQueuedBytes}.";
        else
            whyNot = null;
        return whyNot is null;
    }

    public void Take(int texts, long bytes)
    {
        Texts += texts;
        Bytes += bytes;
    }

    public void GiveBack(int texts, long bytes) => Take(-texts, -bytes);
}
