using System.Buffers;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>
/// Tokens in a row that are merged pair by pair, the pair of the highest precedence first, of equal ones the leftmost.
/// </summary>
internal sealed class BpeWord(BpeMerges merges)
{
    // Up to here looking at every pair for each merge beats a queue.
    private const int SmallWord = 24;
    private const int None = -1;

    private int[] _ids = ArrayPool<int>.Shared.Rent(64);
    private int[] _ends = ArrayPool<int>.Shared.Rent(64);
    private int[] _previous = [];
    private int[] _next = [];

    /// <summary>Tokens so far; after merging, those that are left.</summary>
    public int Count { get; private set; }

    /// <summary>The last token.</summary>
    public int Last => _ids[Count - 1];

    /// <summary>Appends a token that ends at a place of the piece.</summary>
    public void Add(int id, int end)
    {
        if (Count == _ids.Length)
        {
            Grow(ref _ids);
            Grow(ref _ends);
        }

        _ids[Count] = id;
        _ends[Count++] = end;
    }

    /// <summary>Merges, hands the tokens on, and begins anew.</summary>
    /// <param name="start">Where in the piece the first token starts; where the next one will, afterwards.</param>
    /// <param name="tokens">Takes the tokens.</param>
    public void Flush(ref int start, TokenSink tokens)
    {
        if (Count > SmallWord)
            MergeLarge(tokens.Cancellation);
        else
            MergeSmall();
        for (var i = 0; i < Count && !tokens.IsOverfull; i++)
        {
            // A byte of a character stands for the character, as the byte before it does.
            var from = Math.Min(start, _ends[i] - 1);
            tokens.Add(_ids[i], from, _ends[i]);
            start = Math.Max(start, _ends[i]);
        }

        Count = 0;
    }

    public void Return()
    {
        ArrayPool<int>.Shared.Return(_ids);
        ArrayPool<int>.Shared.Return(_ends);
        if (_next.Length == 0)
            return;
        ArrayPool<int>.Shared.Return(_previous);
        ArrayPool<int>.Shared.Return(_next);
    }

    private void MergeSmall()
    {
        while (Count > 1)
        {
            var (bestRank, bestId, best) = (int.MaxValue, None, None);
            for (var i = 0; i + 1 < Count; i++)
            {
                if (merges.TryMerge(_ids[i], _ids[i + 1], out var rank, out var id) && rank < bestRank)
                    (bestRank, bestId, best) = (rank, id, i);
            }

            if (best == None)
                return;
            _ids[best] = bestId;
            _ends[best] = _ends[best + 1];
            Count--;
            _ids.AsSpan(best + 2, Count - best - 1).CopyTo(_ids.AsSpan(best + 1));
            _ends.AsSpan(best + 2, Count - best - 1).CopyTo(_ends.AsSpan(best + 1));
        }
    }

    private void MergeLarge(CancellationToken cancellation)
    {
        Link();
        // The rank above the place: of equal ranks the leftmost pair comes first.
        var queue = new PriorityQueue<int, ulong>(Count);
        for (var i = 0; i + 1 < Count; i++)
            Enqueue(queue, i);

        var steps = 0;
        while (queue.TryDequeue(out var place, out var key))
        {
            if ((++steps & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();

            // Another merge may have taken one of the two.
            var second = _ids[place] == None ? None : _next[place];
            if (second == None || !merges.TryMerge(_ids[place], _ids[second], out var rank, out var id) || rank != (int)(key >> 32))
                continue;
            _ids[place] = id;
            _ends[place] = _ends[second];
            _ids[second] = None;
            _next[place] = _next[second];
            if (_next[second] != None)
                _previous[_next[second]] = place;
            if (_previous[place] != None)
                Enqueue(queue, _previous[place]);
            Enqueue(queue, place);
        }

        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_ids[i] == None)
                continue;
            _ids[count] = _ids[i];
            _ends[count++] = _ends[i];
        }

        Count = count;
    }

    private void Link()
    {
        if (_next.Length < Count)
        {
            if (_next.Length > 0)
            {
                ArrayPool<int>.Shared.Return(_previous);
                ArrayPool<int>.Shared.Return(_next);
            }

            _previous = ArrayPool<int>.Shared.Rent(Count);
            _next = ArrayPool<int>.Shared.Rent(Count);
        }

        for (var i = 0; i < Count; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < Count ? i + 1 : None;
        }
    }

    private void Enqueue(PriorityQueue<int, ulong> queue, int place)
    {
        if (_next[place] is not None and var second && merges.TryMerge(_ids[place], _ids[second], out var rank, out _))
            queue.Enqueue(place, ((ulong)rank << 32) | (uint)place);
    }

    private static void Grow(ref int[] array)
    {
        var larger = ArrayPool<int>.Shared.Rent(array.Length * 2);
        array.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(array);
        array = larger;
    }
}
