using System.Text.Json;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>Writes an answer that is mostly one long list, flushing as it goes: memory stays flat, however long it is.</summary>
internal static class ListAnswer
{
    /// <param name="response">The status is 200.</param>
    /// <param name="count">Elements of the list.</param>
    /// <param name="open">Writes what comes before the first element, the start of the list included.</param>
    /// <param name="writeElement">Writes the element with this index.</param>
    /// <param name="close">Writes what comes after the last element, the end of the list excluded.</param>
    public static async Task WriteAsync(
        HttpResponse response, int count, Action<Utf8JsonWriter> open, Action<Utf8JsonWriter, int> writeElement, Action<Utf8JsonWriter> close)
    {
        await using var answer = new JsonAnswer(response);
        open(answer.Json);
        for (var i = 0; i < count; i++)
        {
            writeElement(answer.Json, i);
            await answer.FlushIfFullAsync();
        }

        answer.Json.WriteEndArray();
        close(answer.Json);
        answer.End();
    }

    /// <summary>Writes a vector as a list of numbers.</summary>
    public static void WriteVector(this Utf8JsonWriter json, ReadOnlySpan<float> vector)
    {
        json.WriteStartArray();
        foreach (var component in vector)
            json.WriteNumberValue(component);
        json.WriteEndArray();
    }
}
