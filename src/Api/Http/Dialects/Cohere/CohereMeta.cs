using System.Text.Json;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>What Cohere's answers say of themselves.</summary>
internal static class CohereMeta
{
    // Nobody pays here, but of vectors the AI SDK takes its count from what is billed.
    public static void Write(Utf8JsonWriter json, string apiVersion, long tokens, bool isBilledByToken)
    {
        json.WriteStartObject("meta");
        json.WriteStartObject("api_version");
        json.WriteString("version", apiVersion);
        json.WriteEndObject();
        if (isBilledByToken)
            WriteTokens(json, "billed_units", tokens);
        WriteTokens(json, "tokens", tokens);
        json.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter json, string name, long tokens)
    {
        json.WriteStartObject(name);
        json.WriteNumber("input_tokens", tokens);
        json.WriteEndObject();
    }
}
