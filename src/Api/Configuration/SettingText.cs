using System.Globalization;

namespace ActorEmbed.Api.Configuration;

/// <summary>Reads the text of a setting, wherever it came from.</summary>
internal static class SettingText
{
    /// <summary>The longer suffixes first: <c>ms</c> also ends in <c>s</c>.</summary>
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>The value, or what was expected in words.</summary>
    public static (object? Value, string? Expected) Parse(string text, Type type)
    {
        if (type == typeof(string))
            return (text, null);
        if (type == typeof(bool))
            return ParseFlag(text) is { } flag ? (flag, null) : (null, "true or false");
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? (number, null) : (null, "a whole number");
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? (large, null) : (null, "a whole number");
        if (type.IsEnum)
        {
            // A number would name a member too, which no one means.
            return !int.TryParse(text, CultureInfo.InvariantCulture, out _) && Enum.TryParse(type, text, ignoreCase: true, out var member)
                ? (member, null)
                : (null, string.Join(" or ", Enum.GetNames(type)).ToLowerInvariant());
        }

        if (type == typeof(TimeSpan))
            return ParseTime(text) is { } time ? (time, null) : (null, "a time: seconds, a number with ms, s, m or h, or hours:minutes:seconds");
        throw new NotSupportedException($"No text form for settings of type {type}.");
    }

    private static bool? ParseFlag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    private static TimeSpan? ParseTime(string text)
    {
        // A bare number is seconds here; TimeSpan itself would read days.
        var (number, unit) = (text, 1.0);
        foreach (var (suffix, seconds) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (number, unit) = (text[..^suffix.Length], seconds);
                break;
            }
        }

        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return value * unit < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(value * unit) : null;
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
    }
}
