using System.Buffers;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Cuts a word into the pieces of the highest total score (Viterbi), with the arithmetic and the ties of the Rust
/// tokenizers library: sums in double precision, the first of equal paths wins, a run of unknown characters is one
/// unknown token, or its bytes where the vocabulary has tokens for them.
/// </summary>
internal sealed class UnigramModel
{
    // What SentencePiece takes off the lowest score of the vocabulary for a character that is no piece.
    private const double UnknownPenalty = 10;
    private const int NotReached = -1;

    // A longer word is rare enough to save memory for it: 2 bytes for each of its bytes instead of 16.
    private const int MaxBytesOfShortWord = 4096;

    private readonly DoubleArrayTrie _trie;
    private readonly double[] _scores;
    private readonly int _unknownId;
    private readonly double _unknownScore;
    private readonly int _longestPieceBytes;
    private readonly int[]? _byteIds;

    /// <param name="trie">The texts of the vocabulary; their values are ids.</param>
    /// <param name="scores">The score of each id.</param>
    /// <param name="unknownId">The id of a run of characters that are no pieces.</param>
    /// <param name="longestPieceBytes">Bytes of the longest text of the vocabulary.</param>
    /// <param name="byteIds">The ids of the 256 bytes, -1 for one that has none; null where unknown characters are not spelled so.</param>
    public UnigramModel(DoubleArrayTrie trie, double[] scores, int unknownId, int longestPieceBytes, int[]? byteIds = null)
    {
        _trie = trie;
        _scores = scores;
        _unknownId = unknownId;
        _unknownScore = scores.Min() - UnknownPenalty;
        _longestPieceBytes = Math.Max(longestPieceBytes, LongWordPaths.MaxBytesOfCharacter);
        _byteIds = byteIds;
    }

    /// <summary>Appends the ids of one word.</summary>
    /// <param name="word">Valid UTF-8, normalised.</param>
    /// <param name="ids">Takes the ids as far as it has room.</param>
    public void Tokenize<TReceiver>(ReadOnlySpan<byte> word, ref TReceiver ids)
        where TReceiver : ITokenReceiver, allows ref struct
    {
        if (word.Length > MaxBytesOfShortWord)
        {
            TokenizeLong(word, ref ids);
            return;
        }

        var rented = ArrayPool<BestPath>.Shared.Rent(word.Length + 1);
        var bestPaths = rented.AsSpan(0, word.Length + 1);
        FindBestPaths(word, bestPaths);

        // The path is known from its end; written over the nodes already read, its pieces come out in order.
        var first = bestPaths.Length;
        var isUnknown = false;
        for (var end = word.Length; end > 0;)
        {
            var (_, start, id) = bestPaths[end];
            var wasUnknown = isUnknown;
            isUnknown = id == _unknownId;
            if (!isUnknown || !wasUnknown)
                first--;
            bestPaths[first].Id = id;
            bestPaths[first].Start = start;
            end = start;
        }

        for (; first < bestPaths.Length && !ids.IsOverfull; first++)
        {
            var end = first + 1 < bestPaths.Length ? bestPaths[first + 1].Start : word.Length;
            Add(word, bestPaths[first].Id, bestPaths[first].Start, end, ref ids);
        }

        ArrayPool<BestPath>.Shared.Return(rented);
    }

    private void FindBestPaths(ReadOnlySpan<byte> word, Span<BestPath> bestPaths)
    {
        bestPaths.Fill(new BestPath(0, NotReached, 0));
        for (var start = 0; start < word.Length;)
        {
            var scoreSoFar = bestPaths[start].Score;
            var nextCharacter = start + LongWordPaths.CharacterLength(word[start]);
            var isCharacterAPiece = false;

            var state = _trie.Root;
            for (var end = start; end < word.Length && _trie.TryStep(ref state, word[end], out var id); end++)
            {
                if (id < 0)
                    continue;
                isCharacterAPiece |= end + 1 == nextCharacter;
                bestPaths[end + 1].Improve(scoreSoFar + _scores[id], start, id);
            }

            if (!isCharacterAPiece)
                bestPaths[nextCharacter].Improve(scoreSoFar + _unknownScore, start, _unknownId);
            start = nextCharacter;
        }
    }

    private void TokenizeLong<TReceiver>(ReadOnlySpan<byte> word, ref TReceiver ids)
        where TReceiver : ITokenReceiver, allows ref struct
    {
        using var paths = new LongWordPaths(word.Length, _longestPieceBytes);
        for (var start = 0; start < word.Length;)
        {
            var scoreSoFar = paths.ScoreAt(start);
            var nextCharacter = start + LongWordPaths.CharacterLength(word[start]);
            var isCharacterAPiece = false;

            var state = _trie.Root;
            for (var end = start; end < word.Length && _trie.TryStep(ref state, word[end], out var id); end++)
            {
                if (id < 0)
                    continue;
                isCharacterAPiece |= end + 1 == nextCharacter;
                paths.Improve(scoreSoFar + _scores[id], start, end + 1, isUnknown: id == _unknownId);
            }

            if (!isCharacterAPiece)
                paths.Improve(scoreSoFar + _unknownScore, start, nextCharacter, isUnknown: true);
            start = nextCharacter;
        }

        paths.Reverse();
        for (var start = 0; start < word.Length && !ids.IsOverfull;)
        {
            var end = paths.EndFrom(start, out var isUnknown);
            Add(word, isUnknown ? _unknownId : IdOf(word[start..end]), start, end, ref ids);
            start = end;
        }
    }

    private void Add<TReceiver>(ReadOnlySpan<byte> word, int id, int start, int end, ref TReceiver ids)
        where TReceiver : ITokenReceiver, allows ref struct
    {
        if (id == _unknownId && _byteIds is not null && CanSpell(word[start..end]))
        {
            foreach (var value in word[start..end])
                ids.Add(_byteIds[value], start, end);
        }
        else
        {
            ids.Add(id, start, end);
        }
    }

    private bool CanSpell(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (_byteIds![value] < 0)
                return false;
        }

        return true;
    }

    private int IdOf(ReadOnlySpan<byte> piece)
    {
        var state = _trie.Root;
        var id = _unknownId;
        foreach (var value in piece)
            _trie.TryStep(ref state, value, out id);
        return id;
    }

    /// <summary>The best way to a place in the word: its score, and where its last piece starts.</summary>
    private record struct BestPath(double Score, int Start, int Id)
    {
        public void Improve(double score, int start, int id)
        {
            if (Start == NotReached || score > Score)
                this = new BestPath(score, start, id);
        }
    }
}
