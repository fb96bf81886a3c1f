using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorEmbed.Client.Sidecar;

/// <summary>The one line that a server prints on standard output once it can embed.</summary>
internal sealed record ReadyLine(
    [property: JsonPropertyName("event"), JsonRequired] string Event,
    [property: JsonPropertyName("url"), JsonRequired] Uri Url,
    [property: JsonPropertyName("pid"), JsonRequired] int ProcessId,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("dim")] int? Dimensions)
{
    /// <summary>Null for any other line.</summary>
    public static ReadyLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ReadyLine>(line) is { Event: "ready", Url: { IsAbsoluteUri: true, Scheme: "http" or "https" } } ready ? ready : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
