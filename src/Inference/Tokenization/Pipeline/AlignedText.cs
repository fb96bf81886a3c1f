using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>
/// A text on its way from what a caller wrote to what the vocabulary knows. On demand it remembers of each UTF-16 code
/// unit which part of the original it stands for: both units of a pair stand for the whole pair.
/// </summary>
internal sealed class AlignedText
{
    private char[] _chars;
    private int[] _starts;
    private int[] _ends;

    /// <param name="capacity">Room to begin with.</param>
    /// <param name="isAligned">Whether the original's places are remembered.</param>
    public AlignedText(int capacity, bool isAligned)
    {
        IsAligned = isAligned;
        _chars = new char[capacity];
        _starts = isAligned ? new int[capacity] : [];
        _ends = isAligned ? new int[capacity] : [];
    }

    /// <summary>Whether <see cref="StartOf"/> and <see cref="EndOf"/> may be asked.</summary>
    public bool IsAligned { get; }

    /// <summary>Code units so far.</summary>
    public int Length { get; private set; }

    /// <summary>The text; valid until something is appended.</summary>
    public ReadOnlySpan<char> Span => _chars.AsSpan(0, Length);

    /// <summary>A part of the original as it is.</summary>
    /// <param name="text">Valid UTF-16.</param>
    /// <param name="offset">Where it begins in the original.</param>
    /// <param name="isAligned">Whether the original's places are remembered.</param>
    public static AlignedText Of(ReadOnlySpan<char> text, int offset, bool isAligned)
    {
        var result = new AlignedText(text.Length, isAligned) { Length = text.Length };
        text.CopyTo(result._chars);
        for (var i = 0; isAligned && i < text.Length; i++)
        {
            result._starts[i] = offset + i - (char.IsLowSurrogate(text[i]) ? 1 : 0);
            result._ends[i] = offset + i + (char.IsHighSurrogate(text[i]) ? 2 : 1);
        }

        return result;
    }

    /// <summary>Where in the original begins what the code unit stands for.</summary>
    public int StartOf(int index) => _starts[index];

    /// <summary>Where in the original ends what the code unit stands for.</summary>
    public int EndOf(int index) => _ends[index];

    /// <summary>Copies a part of another text, its places with it.</summary>
    public void Append(AlignedText source, int start, int length)
    {
        EnsureRoom(length);
        source._chars.AsSpan(start, length).CopyTo(_chars.AsSpan(Length));
        if (IsAligned)
        {
            source._starts.AsSpan(start, length).CopyTo(_starts.AsSpan(Length));
            source._ends.AsSpan(start, length).CopyTo(_ends.AsSpan(Length));
        }

        Length += length;
    }

    /// <summary>Appends a code unit that stands for what another text has at <paramref name="place"/>.</summary>
    public void Append(char c, AlignedText source, int place)
    {
        EnsureRoom(1);
        if (IsAligned)
        {
            _starts[Length] = source._starts[place];
            _ends[Length] = source._ends[place];
        }

        _chars[Length++] = c;
    }

    /// <summary>Appends text that as a whole stands for what another text has at <paramref name="place"/>.</summary>
    public void Append(ReadOnlySpan<char> text, AlignedText source, int place)
    {
        foreach (var c in text)
            Append(c, source, place);
    }

    /// <summary>Appends a character that stands for what another text has at <paramref name="place"/>.</summary>
    public void Append(Rune character, AlignedText source, int place)
    {
        Span<char> units = stackalloc char[2];
        Append(units[..character.EncodeToUtf16(units)], source, place);
    }

    private void EnsureRoom(int count)
    {
        if (_chars.Length - Length >= count)
            return;
        var capacity = Math.Max(Length + count, _chars.Length * 2);
        Array.Resize(ref _chars, capacity);
        if (!IsAligned)
            return;
        Array.Resize(ref _starts, capacity);
        Array.Resize(ref _ends, capacity);
    }
}
