using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>
/// Ollama's <c>keep_alive</c>: how long the model stays in memory after the request. A number of seconds, or a duration as Go
/// writes it (<c>5m</c>, <c>1h30m</c>, <c>-1s</c>); what is negative means for ever, and zero closes the model at once.
/// </summary>
internal static partial class KeepAliveField
{
    public const string Name = "keep_alive";

    /// <summary>Negative for ever; null where it says nothing.</summary>
    /// <exception cref="BadRequestException">It is neither.</exception>
    public static TimeSpan? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetDouble(out var seconds) => Limited(seconds),
        JsonTokenType.String => Parse(JsonBody.ReadString(ref reader, Name, index: null)),
        _ => throw JsonFields.Wrong(ref reader, Name, "a number of seconds or a duration such as \"5m\""),
    };

    /// <summary>An empty text says nothing, as with Ollama's own clients; a bare number is seconds.</summary>
    private static TimeSpan? Parse(string text)
    {
        if (text.Length == 0)
            return null;
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bare))
            return Limited(bare);
        var match = GoDuration().Match(text);
        if (!match.Success)
            throw JsonBody.Invalid($"'{Name}' must be a number of seconds or a duration such as \"5m\", but is \"{Quoted.Of(text)}\".", Name);
        var seconds = match.Groups["part"].Captures.Sum(part => SecondsOf(part.Value));
        return Limited(match.Groups["sign"].Value == "-" ? -seconds : seconds);
    }

    private static double SecondsOf(string part)
    {
        var unit = part.TrimStart([.. "0123456789."]);
        return double.Parse(part[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit switch
        {
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            "ms" => 1e-3,
            "ns" => 1e-9,
            _ => 1e-6,
        };
    }

    // Longer than anything stays is for ever.
    private static TimeSpan Limited(double seconds) => seconds < 0 || seconds > TimeSpan.FromDays(365).TotalSeconds
        ? Timeout.InfiniteTimeSpan
        : TimeSpan.FromSeconds(seconds);

    [GeneratedRegex(@"^(?<sign>[-+]?)(?<part>(\d+(\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex GoDuration();
}
