using System.Buffers;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Cuts a word into the pieces of the highest total score (Viterbi), with the arithmetic and the ties of the Rust
/// tokenizers library: sums in double precision, the first of equal paths wins, a run of unknown characters is one
/// unknown token.
/// </summary>
internal sealed class UnigramModel
{
    // What SentencePiece takes off the lowest score of the vocabulary for a character that is no piece.
    private const double UnknownPenalty = 10;
    private const int NotReached = -1;

    private readonly DoubleArrayTrie _trie;
    private readonly float[] _scores;
    private readonly int _unknownId;
    private readonly double _unknownScore;

    /// <param name="trie">The texts of the vocabulary; their values are ids.</param>
    /// <param name="scores">The score of each id.</param>
    /// <param name="unknownId">The id of a run of characters that are no pieces.</param>
    public UnigramModel(DoubleArrayTrie trie, float[] scores, int unknownId)
    {
        _trie = trie;
        _scores = scores;
        _unknownId = unknownId;
        _unknownScore = scores.Min() - UnknownPenalty;
    }

    /// <summary>Appends the ids of one word.</summary>
    /// <param name="word">Valid UTF-8, normalised, beginning with the word mark.</param>
    /// <param name="ids">Takes the ids as far as it has room.</param>
    public void Tokenize(ReadOnlySpan<byte> word, ref TokenBuffer ids)
    {
        var rented = ArrayPool<BestPath>.Shared.Rent(word.Length + 1);
        var bestPaths = rented.AsSpan(0, word.Length + 1);
        FindBestPaths(word, bestPaths);

        // The path is known from its end; written over the nodes already read, its ids come out in order.
        var first = bestPaths.Length;
        var isUnknown = false;
        for (var end = word.Length; end > 0;)
        {
            var (_, start, id) = bestPaths[end];
            var wasUnknown = isUnknown;
            isUnknown = id == _unknownId;
            if (!isUnknown || !wasUnknown)
                bestPaths[--first].Id = id;
            end = start;
        }

        for (; first < bestPaths.Length && !ids.IsOverfull; first++)
            ids.Add(bestPaths[first].Id);
        ArrayPool<BestPath>.Shared.Return(rented);
    }

    private void FindBestPaths(ReadOnlySpan<byte> word, Span<BestPath> bestPaths)
    {
        bestPaths.Fill(new BestPath(0, NotReached, 0));
        for (var start = 0; start < word.Length;)
        {
            var scoreSoFar = bestPaths[start].Score;
            var nextCharacter = start + CharacterLength(word[start]);
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

    private static int CharacterLength(byte lead) => lead switch
    {
        < 0xC0 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

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
