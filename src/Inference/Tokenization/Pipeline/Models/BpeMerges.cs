using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>Which two tokens become one, and in which order of precedence.</summary>
internal sealed class BpeMerges
{
    private const string ByteTokenStart = "<0x";

    private readonly Dictionary<ulong, (int Rank, int Id)> _merges;

    // Whether tokens for bytes are merged: their texts do not say which tokens they were made of.
    private readonly bool _spellsBytes;

    /// <summary>Pairs of first tokens that some merge may join; whatever is not among them is never joined.</summary>
    private readonly HashSet<ulong> _joints = [];

    /// <param name="merges">Pairs of entries, the first to be merged first.</param>
    /// <param name="vocabulary">Holds both parts of each pair, and what they make.</param>
    /// <param name="continuationPrefix">Left out of the second part when the two are joined.</param>
    /// <exception cref="InvalidDataException">An entry is not in the vocabulary.</exception>
    public BpeMerges(IReadOnlyList<(string First, string Second)> merges, Vocabulary vocabulary, string continuationPrefix)
    {
        _merges = new Dictionary<ulong, (int, int)>(merges.Count);
        foreach (var (rank, (first, second)) in merges.Index())
        {
            var firstId = Id(first);
            var secondId = Id(second);
            var merged = string.Concat(first, second.AsSpan(Math.Min(continuationPrefix.Length, second.Length)));
            _merges[Key(firstId, secondId)] = (rank, Id(merged));
            _spellsBytes |= first.Contains(ByteTokenStart, StringComparison.Ordinal) || second.Contains(ByteTokenStart, StringComparison.Ordinal);
            AddJoints(first, firstId, second, secondId);
        }

        int Id(string token) => vocabulary.IdOf(token)
            ?? throw new InvalidDataException($"the merges name '{token}', which is not in the vocabulary");

        void AddJoints(string first, int firstId, string second, int secondId)
        {
            var last = LastCharacter(first);
            var next = FirstCharacter(second);
            ReadOnlySpan<int> lasts = [vocabulary.IdOf(last) ?? firstId, firstId];
            ReadOnlySpan<int> nexts = [vocabulary.IdOf(next) ?? secondId, secondId];
            foreach (var left in last == first ? lasts[1..] : lasts)
            {
                foreach (var right in next == second ? nexts[1..] : nexts)
                    _joints.Add(Key(left, right));
            }
        }
    }

    /// <summary>Finds what two tokens become.</summary>
    public bool TryMerge(int first, int second, out int rank, out int id)
    {
        ref var merge = ref CollectionsMarshal.GetValueRefOrNullRef(_merges, Key(first, second));
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref merge))
        {
            (rank, id) = (int.MaxValue, -1);
            return false;
        }

        (rank, id) = merge;
        return true;
    }

    /// <summary>
    /// Whether two tokens of one character each that follow each other may ever be in one token. Where not, a piece can be
    /// cut between them, and nothing changes.
    /// </summary>
    public bool MayJoin(int first, int second) => _spellsBytes || _joints.Contains(Key(first, second));

    private static ulong Key(int first, int second) => ((ulong)(uint)first << 32) | (uint)second;

    private static string FirstCharacter(string text)
    {
        Rune.DecodeFromUtf16(text, out _, out var length);
        return text[..length];
    }

    private static string LastCharacter(string text)
    {
        Rune.DecodeLastFromUtf16(text, out _, out var length);
        return text[^length..];
    }
}
