using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// The precompiled character map of a SentencePiece model (nmt_nfkc and its kin): which text is replaced by which.
/// Stored as the size of a trie in bytes, the trie, and the replacements as UTF-8, each ended by a zero byte; a key's
/// value in the trie is the offset of its replacement.
/// </summary>
internal sealed class CharacterMap
{
    private const byte Terminator = 0;
    private const int MaxBytesLookedUpWhole = 5;
    private const int MaxBytesOfCodeUnit = 3;

    private readonly DoubleArrayTrie _trie;
    private readonly byte[] _replacements;

    // One bit for each UTF-16 code unit: most characters have no replacement, and need no walk to learn that.
    private readonly ulong[] _mappedCharacters = new ulong[(char.MaxValue + 1) / 64];

    private CharacterMap(DoubleArrayTrie trie, byte[] replacements)
    {
        _trie = trie;
        _replacements = replacements;
        Span<byte> utf8 = stackalloc byte[4];
        for (var c = 0; c <= char.MaxValue; c++)
        {
            if (Rune.TryCreate((char)c, out var rune)
                && TryMap(utf8[..rune.EncodeToUtf8(utf8)], out _))
            {
                _mappedCharacters[c >> 6] |= 1ul << (c & 63);
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no character map.</exception>
    public static CharacterMap Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return new CharacterMap(new DoubleArrayTrie([]), []);

        if (bytes.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var trieSize
            && (trieSize % sizeof(uint) != 0 || trieSize > (uint)bytes.Length - sizeof(uint)))
        {
            throw new InvalidDataException("its character map is damaged");
        }

        var trie = bytes.Slice(sizeof(uint), (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        var replacements = bytes[(sizeof(uint) + trie.Length)..];
        if (!Utf8.IsValid(replacements))
            throw new InvalidDataException("the replacements of its character map are no valid UTF-8");

        var units = new uint[trie.Length / sizeof(uint)];
        MemoryMarshal.Cast<byte, uint>(trie).CopyTo(units);
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(units, units);
        return new CharacterMap(new DoubleArrayTrie(units), replacements.ToArray());
    }

    /// <summary>Whether the character, standing alone, is replaced. Surrogates never are.</summary>
    public bool Maps(char c) => (_mappedCharacters[c >> 6] >> (c & 63) & 1) != 0;

    /// <summary>Looks a grapheme cluster up, unless it is too long to be looked up as a whole.</summary>
    /// <param name="cluster">Valid UTF-16.</param>
    /// <param name="replacement">Valid UTF-8, possibly empty.</param>
    public bool TryMapWhole(ReadOnlySpan<char> cluster, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        if (cluster.Length > MaxBytesLookedUpWhole)
            return false;
        Span<byte> utf8 = stackalloc byte[MaxBytesLookedUpWhole * MaxBytesOfCodeUnit];
        utf8 = utf8[..System.Text.Encoding.UTF8.GetBytes(cluster, utf8)];
        return utf8.Length <= MaxBytesLookedUpWhole && TryMap(utf8, out replacement);
    }

    /// <summary>
    /// Looks a text up as the Rust tokenizers library does: the shortest key that the text begins with decides, and
    /// its replacement stands for the whole text.
    /// </summary>
    /// <param name="utf8">One character or one grapheme cluster.</param>
    /// <param name="replacement">Valid UTF-8, possibly empty.</param>
    public bool TryMap(scoped ReadOnlySpan<byte> utf8, out ReadOnlySpan<byte> replacement)
    {
        var state = _trie.Root;
        foreach (var part in utf8)
        {
            if (!_trie.TryStep(ref state, part, out var offset))
                break;
            if (offset < 0)
                continue;
            if (offset >= _replacements.Length)
                break;

            replacement = _replacements.AsSpan(offset);
            var length = replacement.IndexOf(Terminator);
            if (length >= 0)
                replacement = replacement[..length];
            return true;
        }

        replacement = default;
        return false;
    }
}
