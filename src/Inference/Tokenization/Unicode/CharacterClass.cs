using System.Globalization;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.Unicode;

/// <summary>
/// A class of characters as the Rust tokenizers library has it: from Unicode 8, where the runtime's own data are years newer
/// and differ in hundreds of characters.
/// </summary>
internal sealed class CharacterClass
{
    private readonly ulong[] _bits = new ulong[(char.MaxValue + 1) / 64];
    private readonly List<(int First, int Last)> _beyond = [];

    private CharacterClass(IEnumerable<string> ranges)
    {
        foreach (var range in ranges)
        {
            var ends = Array.ConvertAll(range.Split('-'), code => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            if (ends[^1] > char.MaxValue)
                _beyond.Add((ends[0], ends[^1]));
            for (var code = ends[0]; code <= Math.Min(ends[^1], char.MaxValue); code++)
                _bits[code >> 6] |= 1ul << (code & 63);
        }
    }

    /// <summary>Punctuation; of ASCII the symbols too.</summary>
    public static CharacterClass Punctuation => All.Punctuation;

    /// <summary>What BERT's cleaning leaves out: control, format and private characters, U+FFFD.</summary>
    public static CharacterClass Dropped => All.Dropped;

    /// <summary>Marks that take no room of their own.</summary>
    public static CharacterClass NonSpacing => All.NonSpacing;

    /// <summary>Marks of every kind.</summary>
    public static CharacterClass Mark => All.Mark;

    public bool Contains(Rune character) => character.IsBmp
        ? (_bits[character.Value >> 6] >> (character.Value & 63) & 1) != 0
        : _beyond.Exists(range => character.Value >= range.First && character.Value <= range.Last);

    /// <summary>A line for each class: its name, then its ranges. Found by asking the library for every character.</summary>
    private static Dictionary<string, CharacterClass> Read()
    {
        using var stream = typeof(CharacterClass).Assembly.GetManifestResourceStream("character-classes.txt")!;
        using var reader = new StreamReader(stream);
        var classes = new Dictionary<string, CharacterClass>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(' ');
            classes.Add(fields[0], new CharacterClass(fields[1..]));
        }

        return classes;
    }

    // Read when the first of them is asked for.
    private static class All
    {
        private static readonly Dictionary<string, CharacterClass> ByName = Read();

        public static readonly CharacterClass Punctuation = ByName["punctuation"];
        public static readonly CharacterClass Dropped = ByName["dropped"];
        public static readonly CharacterClass NonSpacing = ByName["nonspacing"];
        public static readonly CharacterClass Mark = ByName["mark"];
    }
}
