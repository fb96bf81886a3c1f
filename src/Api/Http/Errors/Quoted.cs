using System.Globalization;

namespace ActorEmbed.Api.Http.Errors;

/// <summary>
/// What a caller sent, made fit to be part of a message: short, and without characters that change how the rest of a
/// line is shown.
/// </summary>
internal static class Quoted
{
    // A model's full id fits, and a message stays a sentence.
    private const int LongestCharacters = 80;

    /// <summary>The beginning of a value, and how much of it was left away.</summary>
    public static string Of(string value)
    {
        var end = Math.Min(value.Length, LongestCharacters);
        // Not between the halves of a character.
        if (end < value.Length && char.IsHighSurrogate(value[end - 1]))
            end--;
        var kept = string.Concat(value[..end].Select(c => IsVisible(c) ? c : '\uFFFD'));
        return end == value.Length ? kept : string.Create(CultureInfo.InvariantCulture, $"{kept}... ({value.Length - end} more characters)");
    }

    private static bool IsVisible(char c) => char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
