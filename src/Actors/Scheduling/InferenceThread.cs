namespace ActorEmbed.Actors.Scheduling;

/// <summary>
/// The thread that runs the batches of several models, one at a time. Their queues take turns, a batch each: a queue cuts
/// its batch when the thread is free and not before, so that nothing lies in front of it but one batch of another model.
/// Safe for concurrent use.
/// </summary>
internal sealed class InferenceThread
{
    private readonly Lock _gate = new();
    private readonly List<Share> _shares = [];
    private readonly LinkedList<Share> _waiting = [];
    private Share? _holder;

    /// <summary>Takes part.</summary>
    /// <param name="onTurn">Called, on any thread, when the turn has come to one that had to wait for it; must return quickly.</param>
    public Share Join(Action onTurn)
    {
        var share = new Share(this, onTurn);
        lock (_gate)
            _shares.Add(share);
        return share;
    }

    private bool TryTake(Share share)
    {
        lock (_gate)
        {
            if (_holder is null && _waiting.Count == 0)
                _holder = share;
            else if (_holder != share && !_waiting.Contains(share))
                _waiting.AddLast(share);
            return _holder == share;
        }
    }

    private void GiveBack(Share share)
    {
        Share? next;
        lock (_gate)
        {
            if (_holder != share)
                return;
            next = _holder = _waiting.First?.Value;
            if (next is not null)
                _waiting.RemoveFirst();
        }

        next?.OnTurn();
    }

    private void Leave(Share share)
    {
        lock (_gate)
        {
            _shares.Remove(share);
            _waiting.Remove(share);
        }

        GiveBack(share);
    }

    private TimeSpan? ShortestSmall(Share asker, TimeSpan now, TimeSpan notLongerAgo)
    {
        lock (_gate)
        {
            TimeSpan? shortest = null;
            foreach (var share in _shares)
            {
                if (share != asker && share.Small is { } small && now - small.At <= notLongerAgo && !(small.Takes >= shortest))
                    shortest = small.Takes;
            }

            return shortest;
        }
    }

    /// <summary>One queue's part in the thread.</summary>
    internal sealed class Share(InferenceThread thread, Action onTurn)
    {
        /// <summary>When a small request came in last, and how long such a one takes; read under the lock of the thread.</summary>
        public (TimeSpan At, TimeSpan Takes)? Small { get; private set; }

        /// <summary>Whether it has the turn now. If not, it waits for it, behind those that did before.</summary>
        public bool TryTake() => thread.TryTake(this);

        /// <summary>The thread is free; does nothing without the turn.</summary>
        public void GiveBack() => thread.GiveBack(this);

        /// <summary>Takes no part any more.</summary>
        public void Leave() => thread.Leave(this);

        /// <summary>Tells the others that a small request came in, which they should not keep waiting for long.</summary>
        public void NoteSmall(TimeSpan now, TimeSpan takes)
        {
            lock (thread._gate)
                Small = (now, takes);
        }

        /// <summary>How long the shortest of the small requests of others takes that came in lately; null where there were none.</summary>
        public TimeSpan? ShortestSmallOfOthers(TimeSpan now, TimeSpan notLongerAgo) => thread.ShortestSmall(this, now, notLongerAgo);

        internal void OnTurn() => onTurn();
    }
}
