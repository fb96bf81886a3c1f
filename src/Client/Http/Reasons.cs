using System.Text.Json;

namespace ActorEmbed.Client.Http;

/// <summary>
/// The sentence in the body of an error. ActorEmbed says it in <c>detail</c> (problem documents) or <c>reason</c>
/// (<c>/health</c>), the Python sidecar in <c>detail</c>, a sentence or a list of objects with a <c>msg</c>, proxies and other
/// servers in <c>error</c>, <c>error.message</c> or <c>message</c>.
/// </summary>
internal static class Reasons
{
    // A sentence with the longest name of a field in it, and not a page of HTML.
    private const int LongestChars = 300;

    /// <summary>Empty where the body says nothing.</summary>
    public static string Of(string body)
    {
        var reason = (FromJson(body) ?? body).Trim();
        return reason.Length > LongestChars ? $"{reason[..LongestChars]}…" : reason;
    }

    /// <summary>The field that an error names; null where it names none.</summary>
    public static string? FieldOf(string body) => Parse(body) is { ValueKind: JsonValueKind.Object } json ? Text(json, "field") : null;

    private static string? FromJson(string body) => Parse(body) switch
    {
        { ValueKind: JsonValueKind.Object } json => Text(json, "detail") ?? FirstMessage(json) ?? Text(json, "reason") ?? Error(json) ?? Text(json, "message"),
        _ => null,
    };

    private static string? Error(JsonElement json) =>
        json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? Text(error, "message") : Text(json, "error");

    private static string? FirstMessage(JsonElement json) =>
        json.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.Array && detail.GetArrayLength() > 0
        && detail[0].ValueKind == JsonValueKind.Object ? Text(detail[0], "msg") : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static JsonElement? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
