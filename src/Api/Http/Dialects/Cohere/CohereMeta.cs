using System.Text.Json;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>What Cohere's answers say of themselves.</summary>
internal static class CohereMeta
{
    public static void Write(Utf8JsonWriter json, string apiVersion, long tokens)
    {
        json.WriteStartObject("meta");
        json.WriteStartObject("api_version");
        json.WriteString("version", apiVersion);
        json.WriteEndObject();
        json.WriteStartObject("tokens");
        json.WriteNumber("input_tokens", tokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
