using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>Turns a row of numbers into unsigned bytes by the scale that its own largest magnitude asks for.</summary>
/// <param name="ZeroPoint">The byte that stands for zero.</param>
/// <param name="Steps">Steps from zero to the largest magnitude.</param>
/// <param name="LeastMagnitude">What the largest magnitude is at least taken for.</param>
internal readonly unsafe record struct RowQuantizer(byte ZeroPoint, float Steps, float LeastMagnitude)
{
    // 1.5 * 2^23: what is added to it is rounded to a whole number, half to even, and stands in the lowest bits of the sum.
    private const float Rounding = 12582912f;

    private const int WithoutSign = int.MaxValue;

    // Of values of both signs: 127 steps each way. The least magnitude is against a division by zero for a row of zeros.
    public static RowQuantizer Symmetric { get; } = new(ZeroPoint: 128, Steps: 127, LeastMagnitude: 1e-6f);

    // GELU gives nothing below -0.17: 32 steps down leave 223 up, and no minimum has to be looked for.
    public static RowQuantizer AfterGelu { get; } = new(ZeroPoint: 32, Steps: 223, LeastMagnitude: 0.17f / 32 * 223);

    public const string ZeroPointAttribute = "zero_point";
    public const string StepsAttribute = "steps";
    public const string LeastMagnitudeAttribute = "least_magnitude";

    /// <summary>What the attributes of a node say.</summary>
    public static RowQuantizer Of(OperatorAttributes attributes) => new(
        checked((byte)attributes.Integer(ZeroPointAttribute)), attributes.Float(StepsAttribute), attributes.Float(LeastMagnitudeAttribute));

    /// <param name="row">[width].</param>
    /// <param name="factors">[width], multiplied with the row first; null for none.</param>
    /// <param name="width">Of the row.</param>
    /// <param name="bytes">[width], written.</param>
    /// <returns>The scale: what one step is worth. Not a number where one of the row is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Quantize(float* row, float* factors, int width, byte* bytes)
    {
        var magnitude = factors is null ? Magnitude(row, width) : Magnitude(row, factors, width);
        return Round(row, factors, width, magnitude, bytes);
    }

    /// <summary>The second half of <see cref="Quantize"/>, for who knows the largest magnitude already.</summary>
    public float Round(float* row, float* factors, int width, float magnitude, byte* bytes)
    {
        var scale = MathF.Max(magnitude, LeastMagnitude) * (1f / Steps);
        if (factors is null)
            Write(row, width, 1f / scale, bytes);
        else
            Write(row, factors, width, 1f / scale, bytes);
        return scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Magnitude(float* row, int width)
    {
        // Magnitudes stand in the same order as their bits, and what is no number above them all: so it is not lost.
        var greatest = Vector<int>.Zero;
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
            greatest = Vector.Max(greatest, Bits(Vector.Load(row + i)));
        var rest = 0;
        for (; i < width; i++)
            rest = Math.Max(rest, Bits(row[i]));
        return Greatest(greatest, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Magnitude(float* row, float* factors, int width)
    {
        var greatest = Vector<int>.Zero;
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
            greatest = Vector.Max(greatest, Bits(Vector.Load(row + i) * Vector.Load(factors + i)));
        var rest = 0;
        for (; i < width; i++)
            rest = Math.Max(rest, Bits(row[i] * factors[i]));
        return Greatest(greatest, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(float* row, int width, float inverse, byte* bytes)
    {
        var zero = Rounding + ZeroPoint;
        var (zeros, inverses) = (new Vector<float>(zero), new Vector<float>(inverse));
        var i = 0;
        for (; i <= width - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Pack(
                Vector.FusedMultiplyAdd(Vector.Load(row + i), inverses, zeros),
                Vector.FusedMultiplyAdd(Vector.Load(row + i + Vector<float>.Count), inverses, zeros),
                Vector.FusedMultiplyAdd(Vector.Load(row + i + 2 * Vector<float>.Count), inverses, zeros),
                Vector.FusedMultiplyAdd(Vector.Load(row + i + 3 * Vector<float>.Count), inverses, zeros)).Store(bytes + i);
        }

        for (; i < width; i++)
            bytes[i] = (byte)BitConverter.SingleToInt32Bits(MathF.FusedMultiplyAdd(row[i], inverse, zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(float* row, float* factors, int width, float inverse, byte* bytes)
    {
        var zero = Rounding + ZeroPoint;
        var (zeros, inverses) = (new Vector<float>(zero), new Vector<float>(inverse));
        var i = 0;
        for (; i <= width - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Pack(
                Scaled(row + i, factors + i, inverses, zeros),
                Scaled(row + i + Vector<float>.Count, factors + i + Vector<float>.Count, inverses, zeros),
                Scaled(row + i + 2 * Vector<float>.Count, factors + i + 2 * Vector<float>.Count, inverses, zeros),
                Scaled(row + i + 3 * Vector<float>.Count, factors + i + 3 * Vector<float>.Count, inverses, zeros)).Store(bytes + i);
        }

        for (; i < width; i++)
            bytes[i] = (byte)BitConverter.SingleToInt32Bits(MathF.FusedMultiplyAdd(row[i] * factors[i], inverse, zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Scaled(float* row, float* factors, Vector<float> inverses, Vector<float> zeros) =>
        Vector.FusedMultiplyAdd(Vector.Load(row) * Vector.Load(factors), inverses, zeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Pack(Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d) => Vector.Narrow(
        Vector.Narrow(Vector.AsVectorUInt32(a), Vector.AsVectorUInt32(b)), Vector.Narrow(Vector.AsVectorUInt32(c), Vector.AsVectorUInt32(d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Bits(Vector<float> values) => Vector.AsVectorInt32(values) & new Vector<int>(WithoutSign);

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value) & WithoutSign;

    private static float Greatest(Vector<int> bits, int rest)
    {
        for (var lane = 0; lane < Vector<int>.Count; lane++)
            rest = Math.Max(rest, bits[lane]);
        return BitConverter.Int32BitsToSingle(rest);
    }
}
