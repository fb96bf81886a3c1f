using System.Net.Mime;
using System.Text.Json;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>Writes an answer that is mostly one long list, flushing as it goes: memory stays flat, however long it is.</summary>
internal static class ListAnswer
{
    // Large enough that a flush costs little per vector, small enough that memory stays flat for 10,000 of them.
    private const int FlushBytes = 64 * 1024;

    /// <param name="response">The status is 200.</param>
    /// <param name="count">Elements of the list.</param>
    /// <param name="open">Writes what comes before the first element, the start of the list included.</param>
    /// <param name="writeElement">Writes the element with this index.</param>
    /// <param name="close">Writes what comes after the last element, the end of the list excluded.</param>
    public static async Task WriteAsync(
        HttpResponse response, int count, Action<Utf8JsonWriter> open, Action<Utf8JsonWriter, int> writeElement, Action<Utf8JsonWriter> close)
    {
        response.ContentType = MediaTypeNames.Application.Json;
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = DialectJson.Encoder });
        open(json);
        for (var i = 0; i < count; i++)
        {
            writeElement(json, i);
            // The JSON writer hands full segments to the pipe by itself: those count too.
            if (json.BytesPending + response.BodyWriter.UnflushedBytes >= FlushBytes)
                await FlushAsync();
        }

        json.WriteEndArray();
        close(json);
        await FlushAsync();

        async Task FlushAsync()
        {
            // The JSON writer's flush hands over to the pipe; the pipe's own waits for a caller that reads slowly.
            json.Flush();
            await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
        }
    }

    /// <summary>Writes a vector as a list of numbers.</summary>
    public static void WriteVector(this Utf8JsonWriter json, float[] vector)
    {
        json.WriteStartArray();
        foreach (var component in vector)
            json.WriteNumberValue(component);
        json.WriteEndArray();
    }
}
