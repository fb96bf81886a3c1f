using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>Byte-pair encoding with every option of tokenizer.json but dropout.</summary>
internal sealed class BpeModel : IPieceModel
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeMerges _merges;
    private readonly BpeOptions _options;
    private readonly int? _unknownId;
    private readonly int[]? _byteIds;
    private readonly bool _writesCharactersPlain;

    /// <exception cref="InvalidDataException">The unknown token is not in the vocabulary.</exception>
    public BpeModel(Vocabulary vocabulary, BpeMerges merges, BpeOptions options)
    {
        (_vocabulary, _merges, _options) = (vocabulary, merges, options);
        _unknownId = options.Unknown is { } unknown
            ? vocabulary.IdOf(unknown) ?? throw new InvalidDataException($"the unknown token {unknown} is not in the vocabulary")
            : null;
        _byteIds = options.SpellsBytes ? ByteTokens.IdsOf(vocabulary.Entries) : null;
        _writesCharactersPlain = options.ContinuationPrefix.Length == 0 && options.EndSuffix.Length == 0;
    }

    public IVocabulary Vocabulary => _vocabulary;

    public void Tokenize(ReadOnlySpan<char> piece, TokenSink tokens)
    {
        if (_options.IgnoresMerges && _vocabulary.Lookup.TryGetValue(piece, out var whole))
        {
            tokens.Add(whole, 0, piece.Length);
            return;
        }

        var word = new BpeWord(_merges);
        try
        {
            var start = 0;
            Read(piece, word, ref start, tokens);
            word.Flush(ref start, tokens);
        }
        finally
        {
            word.Return();
        }
    }

    private void Read(ReadOnlySpan<char> piece, BpeWord word, ref int start, TokenSink tokens)
    {
        // An unknown character is kept until it is known whether more of them follow.
        var unknownEnd = 0;
        for (var at = 0; at < piece.Length && !tokens.IsOverfull;)
        {
            Rune.DecodeFromUtf16(piece[at..], out _, out var length);
            var end = at + length;
            if (TryFind(piece[at..end], isFirst: at == 0, isLast: end == piece.Length, out var id))
            {
                AddUnknown(word, ref unknownEnd);
                // Nothing ever joins two words that are written one after the other: each is merged by itself.
                if (_writesCharactersPlain && word.Count > 0 && !_merges.MayJoin(word.Last, id))
                    word.Flush(ref start, tokens);
                word.Add(id, end);
            }
            else if (!TrySpell(piece[at..end], end, word) && _unknownId is not null)
            {
                if (!_options.FusesUnknown)
                    AddUnknown(word, ref unknownEnd);
                unknownEnd = end;
            }

            at = end;
        }

        AddUnknown(word, ref unknownEnd);
    }

    private void AddUnknown(BpeWord word, ref int end)
    {
        if (end > 0)
            word.Add(_unknownId!.Value, end);
        end = 0;
    }

    private bool TryFind(ReadOnlySpan<char> character, bool isFirst, bool isLast, out int id)
    {
        if (_writesCharactersPlain)
            return _vocabulary.Lookup.TryGetValue(character, out id);
        var text = string.Concat(isFirst ? "" : _options.ContinuationPrefix, character, isLast ? _options.EndSuffix : "");
        return _vocabulary.Lookup.TryGetValue(text, out id);
    }

    private bool TrySpell(ReadOnlySpan<char> character, int end, BpeWord word)
    {
        if (_byteIds is null)
            return false;
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..Encoding.UTF8.GetBytes(character, utf8)];
        foreach (var value in utf8)
        {
            if (_byteIds[value] < 0)
                return false;
        }

        foreach (var value in utf8)
            word.Add(_byteIds[value], end);
        return true;
    }
}
