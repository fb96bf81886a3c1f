using System.Text.Json;

namespace ActorEmbed.Client.Sidecar;

/// <summary>The lines in which a server that is not ready says what it is doing: a model is downloaded or compiled.</summary>
internal static class ProgressLine
{
    public static bool Is(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("event", out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals("progress");
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
