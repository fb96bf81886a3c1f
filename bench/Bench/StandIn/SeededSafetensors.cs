using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ActorEmbed.Bench.StandIn;

/// <summary>Writes safetensors files of seeded random numbers.</summary>
internal static class SeededSafetensors
{
    /// <param name="path">The file.</param>
    /// <param name="tensors">What to write, in this order.</param>
    /// <param name="seed">The same one gives the same file.</param>
    /// <param name="isHalf">Whether numbers are cut to BF16.</param>
    public static void Write(
        string path, IReadOnlyList<(string Name, long[] Shape, float Mean, float Deviation)> tensors, ulong seed, bool isHalf = false)
    {
        var header = new Dictionary<string, object>();
        var offset = 0L;
        foreach (var (name, shape, _, _) in tensors)
        {
            var length = shape.Aggregate((long)(isHalf ? sizeof(ushort) : sizeof(float)), (product, size) => product * size);
            header[name] = new { dtype = isHalf ? "BF16" : "F32", shape, data_offsets = new[] { offset, offset + length } };
            offset += length;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        // Padded with blanks so that the numbers are aligned, as the format's own library does.
        var padded = new byte[(json.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);

        using var file = File.Create(path);
        var prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)padded.Length);
        file.Write(prefix);
        file.Write(padded);
        var normals = new SeededNormals(seed);
        var buffer = new float[1 << 20];
        foreach (var (_, shape, mean, deviation) in tensors)
        {
            for (var left = shape.Aggregate(1L, (product, size) => product * size); left > 0; left -= buffer.Length)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
                normals.Fill(chunk, mean, deviation);
                file.Write(isHalf ? UpperHalves(chunk) : MemoryMarshal.AsBytes(chunk));
            }
        }
    }

    private static byte[] UpperHalves(ReadOnlySpan<float> numbers)
    {
        var halves = new byte[numbers.Length * sizeof(ushort)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(halves.AsSpan(i * sizeof(ushort)), (ushort)(BitConverter.SingleToUInt32Bits(numbers[i]) >> 16));
        return halves;
    }
}
