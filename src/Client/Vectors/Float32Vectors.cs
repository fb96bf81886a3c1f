using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorEmbed.Client.Vectors;

/// <summary>Raw little-endian float32, row after row; two headers say how many rows of what length.</summary>
internal static class Float32Vectors
{
    /// <exception cref="FormatException">The length of the body is not what the headers say.</exception>
    public static float[][] Read(ReadOnlySpan<byte> body, int count, int dimensions)
    {
        if (body.Length != (long)count * dimensions * sizeof(float))
            throw new FormatException($"the binary answer has {body.Length} bytes, expected {count} x {dimensions} floats");

        var vectors = new float[count][];
        for (var row = 0; row < count; row++)
        {
            var bytes = body.Slice(row * dimensions * sizeof(float), dimensions * sizeof(float));
            vectors[row] = new float[dimensions];
            if (BitConverter.IsLittleEndian)
                bytes.CopyTo(MemoryMarshal.AsBytes(vectors[row].AsSpan()));
            else
                ReadSwapped(bytes, vectors[row]);
        }

        return vectors;
    }

    private static void ReadSwapped(ReadOnlySpan<byte> bytes, float[] vector)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
    }
}
