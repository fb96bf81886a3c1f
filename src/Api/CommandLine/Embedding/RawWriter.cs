using System.Buffers.Binary;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>See <see cref="VectorFormat.Raw"/>.</summary>
internal sealed class RawWriter(Stream output) : IVectorWriter
{
    private byte[] _row = [];

    public void Write(long index, TextEmbedding embedding)
    {
        Array.Resize(ref _row, embedding.Vector.Length * sizeof(float));
        for (var i = 0; i < embedding.Vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(_row.AsSpan(i * sizeof(float)), embedding.Vector[i]);
        output.Write(_row);
    }

    public void Flush() => output.Flush();

    public void Finish() => output.Flush();
}
