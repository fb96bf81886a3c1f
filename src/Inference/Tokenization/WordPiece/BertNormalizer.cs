using System.Text;

namespace ActorEmbed.Inference.Tokenization.WordPiece;

/// <summary>
/// Normalises and divides a text as BERT does, in the order of the Rust tokenizers library: clean, put Han characters
/// apart, strip accents, lower-case; then divide at white space and around punctuation.
/// </summary>
internal sealed class BertNormalizer(BertNormalizerOptions options)
{
    private const int DottedCapitalI = 0x130;
    private static readonly Rune CombiningDotAbove = new(0x307);

    /// <summary>Feeds the ids of the text's words to <paramref name="ids"/>, as far as they can matter.</summary>
    /// <param name="text">Valid UTF-16.</param>
    /// <param name="model">Tokenizes each word.</param>
    /// <param name="ids">Takes the ids.</param>
    public void Tokenize(ReadOnlySpan<char> text, WordPieceModel model, ref TokenBuffer ids)
    {
        var word = new StringBuilder();
        var bases = new List<Rune>();
        foreach (var character in text.EnumerateRunes())
        {
            if (ids.IsOverfull)
                return;
            if (BertCharacter.IsDropped(character))
                continue;
            if (Rune.IsWhiteSpace(character))
            {
                EndWord(word, model, ref ids);
                continue;
            }

            var standsApart = options.SeparatesHan && BertCharacter.IsHan(character);
            if (standsApart)
                EndWord(word, model, ref ids);

            bases.Clear();
            if (options.StripsAccents)
                CanonicalBases.Append(character, bases);
            else
                bases.Add(character);
            foreach (var part in bases)
                Add(part, word, model, ref ids);

            if (standsApart)
                EndWord(word, model, ref ids);
        }

        EndWord(word, model, ref ids);
    }

    private void Add(Rune character, StringBuilder word, WordPieceModel model, ref TokenBuffer ids)
    {
        if (options.Lowercases && character.Value == DottedCapitalI)
        {
            // The only character whose lower case is two, wherever it stands.
            word.Append('i').Append(CombiningDotAbove.ToString());
            return;
        }

        var lower = options.Lowercases ? Rune.ToLowerInvariant(character) : character;
        var standsApart = BertCharacter.IsPunctuation(lower);
        if (standsApart)
            EndWord(word, model, ref ids);
        word.Append(lower.ToString());
        if (standsApart)
            EndWord(word, model, ref ids);
    }

    private static void EndWord(StringBuilder word, WordPieceModel model, ref TokenBuffer ids)
    {
        if (word.Length > 0)
            model.Tokenize(word.ToString(), ref ids);
        word.Clear();
    }
}
