using Akka.Actor;

namespace ActorEmbed.Actors.Inference;

/// <summary>
/// An actor's timers for what counts as hung when it takes too long. They count only time in which this process ran: one
/// that was stopped by a signal, a debugger or a closed lid has not hung. While something is awaited there is a beat every
/// second; when beats fail to come, nobody ran, and everything awaited gets its time again.
/// </summary>
/// <param name="owner">The actor. It hands <see cref="Elapsed"/> and <see cref="Beat"/> back to here.</param>
/// <param name="now">The actor's clock.</param>
internal sealed class RunTimers(IWithTimers owner, Func<TimeSpan> now)
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    // Between two beats. A machine that is merely busy, or collects garbage, is late by less.
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(3);

    private readonly Dictionary<object, Awaited> _awaited = [];
    private TimeSpan? _lastBeat;

    /// <summary>Calls back inside the actor when the time is over; starting it again under the same key begins anew.</summary>
    public void Start(object key, TimeSpan time, Action onElapsed)
    {
        _awaited[key] = new Awaited(time, onElapsed);
        owner.Timers.StartSingleTimer(key, new Elapsed(key), time);
        if (_lastBeat is null)
            StartBeat();
    }

    public void Cancel(object key)
    {
        if (_awaited.Remove(key))
            owner.Timers.Cancel(key);
    }

    public void OnElapsed(Elapsed elapsed)
    {
        if (HasStoodStill())
            GiveTimeAgain();
        else if (_awaited.Remove(elapsed.Key, out var awaited))
            awaited.OnElapsed();
    }

    public void OnBeat()
    {
        if (HasStoodStill())
            GiveTimeAgain();
        if (_awaited.Count > 0)
            StartBeat();
        else
            _lastBeat = null;
    }

    private void StartBeat()
    {
        _lastBeat = now();
        owner.Timers.StartSingleTimer(nameof(RunTimers), Beat.Instance, BeatInterval);
    }

    private bool HasStoodStill() => now() - _lastBeat > LongestGap;

    private void GiveTimeAgain()
    {
        StartBeat();
        foreach (var (key, awaited) in _awaited)
            owner.Timers.StartSingleTimer(key, new Elapsed(key), awaited.Time);
    }

    private sealed record Awaited(TimeSpan Time, Action OnElapsed);

    /// <summary>To the actor: the time of one key is over.</summary>
    internal sealed record Elapsed(object Key) : INoSerializationVerificationNeeded;

    /// <summary>To the actor: a second has passed.</summary>
    internal sealed record Beat : INoSerializationVerificationNeeded
    {
        public static readonly Beat Instance = new();
    }
}
