using System.Text;
using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>Makes a unigram model of a list of pieces; the place in the list is the id.</summary>
internal static class UnigramBuilder
{
    // SentencePiece cuts pieces at 16 characters unless told otherwise; far more means a file that is something else.
    private const int MaxPieceBytes = 4096;

    /// <param name="pieces">Texts and scores.</param>
    /// <param name="unknownId">The id of what is no piece.</param>
    /// <param name="spellsBytes">Whether unknown characters are spelled with the pieces <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</param>
    /// <exception cref="InvalidDataException">The list cannot be used; the message says why.</exception>
    public static UnigramPieceModel Build(IReadOnlyList<(string Text, double Score)> pieces, int unknownId, bool spellsBytes)
    {
        if (unknownId < 0 || unknownId >= pieces.Count)
            throw new InvalidDataException($"the unknown token has the id {unknownId}, which is none of the {pieces.Count} of the vocabulary");

        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        var scores = new double[pieces.Count];
        var keys = new List<TrieKey>(pieces.Count);
        using var source = new MemoryStream();
        var longest = 0;
        foreach (var (id, (text, score)) in pieces.Index())
        {
            if (!double.IsFinite(score) || text.Contains('\0', StringComparison.Ordinal))
                throw new InvalidDataException($"piece {id} of the vocabulary is damaged");
            ids[text] = id;
            scores[id] = score;
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > MaxPieceBytes)
                throw new InvalidDataException($"piece {id} of the vocabulary has {bytes.Length} bytes, more than {MaxPieceBytes}");
            longest = Math.Max(longest, bytes.Length);
            if (bytes.Length > 0)
                keys.Add(new TrieKey((int)source.Length, bytes.Length, id));
            source.Write(bytes);
        }

        // Of equal pieces the last counts, for the trie as for the dictionary.
        var trie = DoubleArrayTrieBuilder.Build(source.ToArray(), [.. keys]);
        var byteIds = spellsBytes ? ByteTokens.IdsOf(ids) : null;
        return new UnigramPieceModel(new UnigramModel(trie, scores, unknownId, longest, byteIds), new Vocabulary(ids));
    }
}
