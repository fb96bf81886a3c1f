using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorEmbed.Client.Vectors;

/// <summary>The body of <c>POST /embed</c>.</summary>
internal static class EmbedRequestBody
{
    // The default encoder writes six bytes for each letter outside ASCII, for the sake of HTML, which this is not.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8 JSON; half a surrogate pair in a text becomes U+FFFD, as every UTF-8 encoder writes it.</summary>
    public static ReadOnlyMemory<byte> Write(ReadOnlySpan<string> texts, bool normalize, RequestedPrompt prompt = default)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteStartArray("texts");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteBoolean("normalize", normalize);
        if (prompt.Name is not null)
            json.WriteString(RequestedPrompt.NameField, prompt.Name);
        if (prompt.InputType is not null)
            json.WriteString(RequestedPrompt.InputTypeField, prompt.InputType);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
