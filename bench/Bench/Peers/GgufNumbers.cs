using System.Runtime.InteropServices;

namespace ActorEmbed.Bench.Peers;

/// <summary>Numbers of a tensor in the element types of a GGUF file.</summary>
internal static class GgufNumbers
{
    private const int BlockLength = 32;
    private const int BlockBytes = sizeof(ushort) + BlockLength;

    // Numbers of llama.cpp for files whose matrices are mostly of one type.
    private const uint MostlyF16 = 1, MostlyQ8 = 7;

    /// <summary>The number of a file whose matrices have this type.</summary>
    public static uint FileType(GgufType matrices) => matrices == GgufType.F16 ? MostlyF16 : MostlyQ8;

    public static long Bytes(GgufType type, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return type switch
        {
            GgufType.F32 => count * sizeof(float),
            GgufType.F16 => count * sizeof(ushort),
            _ => count / BlockLength * BlockBytes,
        };
    }

    public static void Write(BinaryWriter writer, GgufType type, float[] values)
    {
        switch (type)
        {
            case GgufType.F32:
                writer.Write(MemoryMarshal.AsBytes<float>(values));
                break;
            case GgufType.F16:
                writer.Write(MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)));
                break;
            default:
                for (var first = 0; first < values.Length; first += BlockLength)
                    WriteBlock(writer, values.AsSpan(first, BlockLength));
                break;
        }
    }

    private static void WriteBlock(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));
        var scale = largest / sbyte.MaxValue;
        writer.Write((Half)scale);
        foreach (var value in values)
            writer.Write((sbyte)(scale == 0 ? 0 : MathF.Round(value / scale, MidpointRounding.AwayFromZero)));
    }
}
