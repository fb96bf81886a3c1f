using System.Text.Json;

namespace ActorEmbed.Inference.Hub;

/// <summary>Reads the lists of a hub.</summary>
internal static class HubJson
{
    /// <exception cref="ModelPullException"><see cref="PullFailure.Protocol"/>.</exception>
    public static JsonDocument Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw Wrong("is not JSON", e);
        }
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
            ? number
            : null;

    public static ModelPullException Wrong(string what, Exception? cause = null) => new(
        PullFailure.Protocol,
        $"The hub's file list {what}: HF_ENDPOINT must point at a server that speaks the hub's API " +
        "(/api/models/ID/revision/REVISION).", cause);
}
