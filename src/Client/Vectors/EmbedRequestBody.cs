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
    /// <remarks>Fields that the Python sidecar did not know are there only where they are asked for.</remarks>
    public static ReadOnlyMemory<byte> Write(ReadOnlySpan<string> texts, EmbedWish wish)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteStartArray("texts");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteBoolean(EmbedWish.NormalizeField, wish.Normalize);
        if (wish.Prompt.Name is not null)
            json.WriteString(RequestedPrompt.NameField, wish.Prompt.Name);
        if (wish.Prompt.InputType is not null)
            json.WriteString(RequestedPrompt.InputTypeField, wish.Prompt.InputType);
        if (wish.Dimensions is { } dimensions)
            json.WriteNumber(EmbedWish.DimensionsField, dimensions);
        if (!wish.Truncate)
            json.WriteBoolean(EmbedWish.TruncateField, false);
        if (wish.Model is not null)
            json.WriteString(EmbedWish.ModelField, wish.Model);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
