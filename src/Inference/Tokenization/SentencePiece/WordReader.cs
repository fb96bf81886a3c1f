using System.Buffers;
using System.Text;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// Takes normalised characters one by one and tokenizes each word once it is complete: white space ends a word, and a
/// word mark begins one. Every word has a word mark in front.
/// </summary>
internal ref struct WordReader(UnigramModel model, TokenBuffer ids)
{
    /// <summary>U+2581, which SentencePiece writes where a word begins.</summary>
    private const char WordMark = '\u2581';

    // A normal word; a text without spaces makes it grow.
    private const int InitialBytes = 256;
    private const int MaxBytesOfCharacter = 4;

    private static ReadOnlySpan<byte> WordMarkBytes => "\u2581"u8;

    private TokenBuffer _ids = ids;
    private byte[] _word = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _length;

    /// <summary>The ids of all complete words.</summary>
    public readonly ReadOnlySpan<int> Ids => _ids.Ids;

    /// <summary>Whether there were more tokens than have room: nothing that follows can matter.</summary>
    public readonly bool IsOverfull => _ids.IsOverfull;

    /// <summary>Appends a token that is no part of any word.</summary>
    public void AddToken(int id) => _ids.Add(id);

    public void Add(char c)
    {
        if (c < 0x80 && !char.IsWhiteSpace(c) && _length > 0)
        {
            EnsureRoom();
            _word[_length++] = (byte)c;
        }
        else
        {
            Add(new Rune(c));
        }
    }

    public void Add(Rune character)
    {
        if (Rune.IsWhiteSpace(character))
        {
            EndWord();
            return;
        }

        if (character.Value == WordMark)
            EndWord();
        EnsureRoom();
        if (_length == 0)
        {
            WordMarkBytes.CopyTo(_word);
            _length = WordMarkBytes.Length;
            if (character.Value == WordMark)
                return;
        }

        _length += character.EncodeToUtf8(_word.AsSpan(_length));
    }

    public void Add(scoped ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var character, out var length);
            Add(character);
            utf8 = utf8[length..];
        }
    }

    public void EndWord()
    {
        if (_length > 0 && !_ids.IsOverfull)
            model.Tokenize(_word.AsSpan(0, _length), ref _ids);
        _length = 0;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_word);

    private void EnsureRoom()
    {
        if (_word.Length - _length >= WordMarkBytes.Length + MaxBytesOfCharacter)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(_word.Length * 2);
        _word.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_word);
        _word = larger;
    }
}
