using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ActorEmbed.Inference.Weights;

/// <summary>Stored numbers to single precision; exact, since every stored type is narrower or equal.</summary>
internal static class FloatConversion
{
    /// <summary>Bytes of one element; 0 for types that are not read.</summary>
    public static long ElementBytes(this WeightType type) => type switch
    {
        WeightType.F32 => sizeof(float),
        WeightType.F16 or WeightType.BF16 => sizeof(ushort),
        WeightType.I64 => sizeof(long),
        _ => 0,
    };

    /// <summary>Whether its numbers are floating-point.</summary>
    public static bool IsFloatingPoint(this WeightType type) =>
        type is WeightType.F32 or WeightType.F16 or WeightType.BF16;

    /// <param name="type">Type of the stored numbers.</param>
    /// <param name="stored">Little-endian numbers, at any alignment.</param>
    /// <param name="floats">As many numbers as <paramref name="stored"/> holds.</param>
    public static void ToSingle(WeightType type, ReadOnlySpan<byte> stored, Span<float> floats)
    {
        switch (type)
        {
            case WeightType.F32:
                stored.CopyTo(MemoryMarshal.AsBytes(floats));
                break;
            case WeightType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), floats);
                break;
            case WeightType.BF16:
                var halves = MemoryMarshal.Cast<byte, ushort>(stored);
                for (var i = 0; i < halves.Length; i++)
                    floats[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a floating-point type.");
        }
    }
}
