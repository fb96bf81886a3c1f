using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorEmbed.Client.Vectors;

namespace ActorEmbed.Client.Ranking;

/// <summary>The body of <c>POST /rank</c>.</summary>
internal static class RankRequestBody
{
    // As for texts to be embedded: not six bytes for each letter outside ASCII.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8 JSON; half a surrogate pair becomes U+FFFD.</summary>
    public static ReadOnlyMemory<byte> Write(string query, ReadOnlySpan<string> texts, string? model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("query", query);
        json.WriteStartArray("texts");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        if (model is not null)
            json.WriteString(EmbedWish.ModelField, model);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
