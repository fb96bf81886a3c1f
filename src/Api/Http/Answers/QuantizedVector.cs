using System.Numerics.Tensors;
using System.Text.Json;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>Vectors in a byte or a bit for each component; docs/dialects.md says the arithmetic.</summary>
internal static class QuantizedVector
{
    private const int Steps = 127;
    private const int UnsignedZero = 128;
    private const int BitsOfByte = 8;

    /// <summary>The numbers of a vector, each in the low byte of its own.</summary>
    public static byte[] Of(float[] vector, VectorType type) => type switch
    {
        VectorType.Int8 => Scaled(vector, zero: 0),
        VectorType.UInt8 => Scaled(vector, UnsignedZero),
        VectorType.Binary => Bits(vector, UnsignedZero),
        VectorType.UBinary => Bits(vector, zero: 0),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of bytes."),
    };

    /// <summary>Writes the numbers as a list.</summary>
    public static void Write(Utf8JsonWriter json, byte[] numbers, VectorType type)
    {
        var isSigned = type is VectorType.Int8 or VectorType.Binary;
        json.WriteStartArray();
        foreach (var number in numbers)
            json.WriteNumberValue(isSigned ? (sbyte)number : number);
        json.WriteEndArray();
    }

    /// <summary>The greatest magnitude of each vector becomes 127: its direction keeps as much as a byte can hold of it.</summary>
    private static byte[] Scaled(float[] vector, int zero)
    {
        var greatest = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(vector));
        var scale = greatest > 0 ? Steps / greatest : 0;
        return Array.ConvertAll(vector, component => unchecked((byte)((int)MathF.Round(component * scale) + zero)));
    }

    /// <summary>1 where a component is above zero, the first in the highest bit; what is missing of the last eight is 0.</summary>
    private static byte[] Bits(float[] vector, int zero)
    {
        var packed = new byte[(vector.Length + BitsOfByte - 1) / BitsOfByte];
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i] > 0)
                packed[i / BitsOfByte] |= (byte)(1 << (BitsOfByte - 1 - (i % BitsOfByte)));
        }

        return zero == 0 ? packed : Array.ConvertAll(packed, bits => unchecked((byte)(bits - zero)));
    }
}
