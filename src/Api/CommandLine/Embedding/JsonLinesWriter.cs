using System.Buffers;
using System.Text.Json;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary><c>{"index":0,"vector":[...]}</c> a line; <c>"truncated":true</c> where the model took only a part.</summary>
internal sealed class JsonLinesWriter(Stream output) : IVectorWriter
{
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Write(long index, TextEmbedding embedding)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            if (embedding.IsTruncated)
                json.WriteBoolean("truncated", true);
            json.WriteStartArray("vector");
            foreach (var component in embedding.Vector)
                json.WriteNumberValue(component);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write(_line.WrittenSpan);
        output.WriteByte((byte)'\n');
    }

    public void Flush() => output.Flush();

    public void Finish() => output.Flush();
}
