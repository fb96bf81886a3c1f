using System.Diagnostics.CodeAnalysis;

namespace ActorEmbed.Actors.Scheduling;

/// <summary>The room that everything which waits has together: so many texts, and so much memory.</summary>
/// <param name="options">How much there is.</param>
internal sealed class QueueRoom(SchedulingOptions options)
{
    /// <summary>Texts that wait.</summary>
    public int Texts { get; private set; }

    /// <summary>Of every request that has not been answered, in bytes: its texts stay in memory until then.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether so much more can wait.</summary>
    public bool Has(int texts, long bytes) =>
        (long)Texts + texts <= options.MaxQueuedTexts && Bytes + bytes <= options.MaxQueuedBytes;

    /// <summary>Whether so much could ever wait, alone at least.</summary>
    public bool CouldHave(int texts, long bytes, [NotNullWhen(false)] out string? whyNot)
    {
        if (texts > options.MaxQueuedTexts)
            whyNot = $"The request has {texts} texts, which is more than this server ever queues: {options.MaxQueuedTexts}.";
        else if (bytes > options.MaxQueuedBytes)
            whyNot = $"The request's texts have {bytes} bytes in memory, which is more than this server ever queues: {options.MaxQueuedBytes}.";
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
