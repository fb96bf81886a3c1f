namespace ActorEmbed.Soak;

/// <summary>What became of the requests.</summary>
internal sealed class Tally
{
    private long _answered;
    private long _texts;
    private long _rejected;
    private long _cancelled;
    private long _lost;
    private long _wrong;

    public long Lost => Interlocked.Read(ref _lost);

    public long Wrong => Interlocked.Read(ref _wrong);

    public void Answered(int texts)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _texts, texts);
    }

    /// <summary>Refused in the way that it should be.</summary>
    public void Rejected() => Interlocked.Increment(ref _rejected);

    public void Cancelled() => Interlocked.Increment(ref _cancelled);

    /// <summary>No answer came, or one that says nothing of the request.</summary>
    public void LostOne(string what)
    {
        Interlocked.Increment(ref _lost);
        Console.Error.WriteLine($"lost: {what}");
    }

    /// <summary>Another answer than the right one.</summary>
    public void WrongOne(string what)
    {
        Interlocked.Increment(ref _wrong);
        Console.Error.WriteLine($"wrong: {what}");
    }

    public override string ToString() =>
        $"answered {_answered} ({_texts} texts), rejected {_rejected}, cancelled {_cancelled}, lost {_lost}, wrong {_wrong}";
}
