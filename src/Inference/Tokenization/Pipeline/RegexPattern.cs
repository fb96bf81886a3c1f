using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>
/// A regular expression of a model's file. The runtime matches UTF-16 code units, for which a letter beyond U+FFFF is two
/// odd characters: so the expression is run over a text of the same classes in which each character is one unit.
/// </summary>
/// <remarks>The file is untrusted: matching has a limit, whatever the expression.</remarks>
internal sealed class RegexPattern : ITextPattern
{
    /// <summary>A piece of a text should take microseconds; a second is hopeless, and short enough for whoever waits.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;

    private RegexPattern(Regex regex) => _regex = regex;

    /// <summary>Reads an expression in Oniguruma's syntax, as tokenizer.json has it.</summary>
    /// <exception cref="NotSupportedException">It uses what the runtime does not know.</exception>
    public static RegexPattern Parse(string expression)
    {
        if (KnownExpressions.Find(expression) is { } known)
            return new RegexPattern(known);

        const RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.Multiline;
        var translated = OnigurumaSyntax.Translate(expression);
        try
        {
            return new RegexPattern(new Regex(translated, options | RegexOptions.NonBacktracking, TimeLimit));
        }
        catch (NotSupportedException)
        {
            return new RegexPattern(new Regex(translated, options, TimeLimit));
        }
        catch (ArgumentException e)
        {
            throw new NotSupportedException(e.Message, e);
        }
    }

    public void Match(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        matches.Clear();
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Find(text, matches);
            return;
        }

        var units = ArrayPool<char>.Shared.Rent(text.Length);
        var places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        try
        {
            var count = 0;
            for (var at = 0; at < text.Length; count++)
            {
                Rune.DecodeFromUtf16(text[at..], out var character, out var length);
                units[count] = character.IsBmp ? (char)character.Value : Representative(character);
                places[count] = at;
                at += length;
            }

            places[count] = text.Length;
            Find(units.AsSpan(0, count), matches);
            for (var i = 0; i < matches.Count; i++)
                matches[i] = matches[i] with { Start = places[matches[i].Start], End = places[matches[i].End] };
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    private void Find(ReadOnlySpan<char> text, List<PatternMatch> matches)
    {
        var from = 0;
        var started = Stopwatch.GetTimestamp();
        try
        {
            foreach (var match in _regex.EnumerateMatches(text))
            {
                if (from < match.Index)
                    matches.Add(new PatternMatch(from, match.Index, IsMatch: false));
                from = match.Index + match.Length;
                matches.Add(new PatternMatch(match.Index, from, IsMatch: true));
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new InferenceException(
                $"A regular expression of the model's tokenizer.json took longer than {TimeLimit.TotalSeconds:0} s ({Stopwatch.GetElapsedTime(started).TotalSeconds:0} s in all).", e);
        }

        if (from < text.Length)
            matches.Add(new PatternMatch(from, text.Length, IsMatch: false));
    }

    /// <summary>A character below U+10000 of the same category, from scripts that no expression names.</summary>
    private static char Representative(Rune character) => Rune.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.UppercaseLetter => '\u1C90',
        UnicodeCategory.LowercaseLetter => '\uAB60',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA015',
        UnicodeCategory.OtherLetter => '\uA000',
        UnicodeCategory.NonSpacingMark => '\uA66F',
        UnicodeCategory.SpacingCombiningMark => '\uA823',
        UnicodeCategory.EnclosingMark => '\uA670',
        UnicodeCategory.DecimalDigitNumber => '\uA620',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.ConnectorPunctuation => '\uFE33',
        UnicodeCategory.DashPunctuation => '\uFE58',
        UnicodeCategory.OpenPunctuation => '\uFE59',
        UnicodeCategory.ClosePunctuation => '\uFE5A',
        UnicodeCategory.InitialQuotePunctuation => '\u2E02',
        UnicodeCategory.FinalQuotePunctuation => '\u2E03',
        UnicodeCategory.OtherPunctuation => '\uA60D',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA490',
        UnicodeCategory.Format => '\uFFF9',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378', // not assigned
    };
}
