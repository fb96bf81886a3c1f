using System.Globalization;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.Unicode;

/// <summary>
/// Decompositions, compositions and combining classes. The runtime cannot tell: with InvariantGlobalization
/// <c>string.Normalize</c> changes nothing, and without it the answer depends on the machine's ICU.
/// </summary>
internal sealed class NormalizationData
{
    // Of each UTF-16 code unit, whether anything is known of it: most characters need no look-up.
    private readonly ulong[] _known = new ulong[(char.MaxValue + 1) / 64];

    // Those of them that a composed text does not have, or only where they could not be composed.
    private readonly ulong[] _suspect = new ulong[(char.MaxValue + 1) / 64];
    private readonly Dictionary<int, int[]> _canonical;
    private readonly Dictionary<int, int[]> _compatibility;
    private readonly Dictionary<int, byte> _classes;
    private readonly Dictionary<(int First, int Second), int> _compositions;

    private NormalizationData(TextReader lines)
    {
        var canonical = new Dictionary<int, int[]>();
        var any = new Dictionary<int, int[]>();
        var classes = new Dictionary<int, byte>();
        var compositions = new Dictionary<(int, int), int>();
        while (lines.ReadLine() is { } line)
        {
            var fields = line.Split(' ');
            var code = Hex(fields[0]);
            Mark(_known, code);
            if (byte.Parse(fields[1], CultureInfo.InvariantCulture) is > 0 and var combining)
            {
                classes.Add(code, combining);
                Mark(_suspect, code);
            }

            if (fields.Length == 2)
                continue;

            var mapping = Array.ConvertAll(fields[3..], Hex);
            any.Add(code, mapping);
            if (fields[2] == "~")
                continue;
            canonical.Add(code, mapping);
            if (fields[2] == "=")
            {
                compositions.Add((mapping[0], mapping[1]), code);
                Mark(_known, mapping[1]);
                Mark(_suspect, mapping[1]);
            }
            else
            {
                Mark(_suspect, code);
            }
        }

        _canonical = canonical.Keys.ToDictionary(code => code, code => Complete(code, canonical));
        _compatibility = any.Keys.ToDictionary(code => code, code => Complete(code, any));
        _classes = classes;
        _compositions = compositions;
    }

    private static readonly Lazy<NormalizationData> LazyInstance = new(() =>
    {
        using var stream = typeof(NormalizationData).Assembly.GetManifestResourceStream("normalization.txt")!;
        using var reader = new StreamReader(stream);
        return new NormalizationData(reader);
    });

    /// <summary>The data that is embedded; <c>scripts/unicode-normalization.py</c> wrote it: Unicode 9.</summary>
    public static NormalizationData Instance => LazyInstance.Value;

    /// <summary>Whether a character neither decomposes, nor combines, nor composes with one before it. Surrogates never are.</summary>
    public bool IsInert(char c) => (_known[c >> 6] >> (c & 63) & 1) == 0 && !char.IsSurrogate(c) && !HangulSyllable.IsOrCombines(c);

    /// <summary>Whether a text with this character may not be in NFC.</summary>
    public bool MayCompose(Rune character)
    {
        var code = character.Value;
        return character.IsBmp
            ? (_suspect[code >> 6] >> (code & 63) & 1) != 0 || (HangulSyllable.IsOrCombines(code) && !HangulSyllable.Is(code))
            : _classes.ContainsKey(code) || _canonical.ContainsKey(code);
    }

    /// <summary>The complete decomposition of a character; null where it has none. Hangul syllables are left out.</summary>
    public int[]? Decomposition(int code, bool compatibility) =>
        (compatibility ? _compatibility : _canonical).GetValueOrDefault(code);

    /// <summary>The canonical combining class, 0 for most.</summary>
    public byte CombiningClass(int code) => _classes.GetValueOrDefault(code);

    /// <summary>What two characters compose to; -1 where they do not. Hangul is left out.</summary>
    public int Composition(int first, int second) => _compositions.GetValueOrDefault((first, second), -1);

    private static void Mark(ulong[] bits, int code)
    {
        if (code <= char.MaxValue)
            bits[code >> 6] |= 1ul << (code & 63);
    }

    private static int[] Complete(int code, Dictionary<int, int[]> steps) =>
        steps.TryGetValue(code, out var mapping) ? [.. mapping.SelectMany(part => Complete(part, steps))] : [code];

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
