using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>The exponential function in single precision, to 2e-7 of its value.</summary>
internal static class VectorExp
{
    // Beyond, the result would leave the normal numbers.
    private const float Least = -87f;
    private const float Most = 88f;

    // What is added to 1.5 * 2^23 is rounded to a whole number, which stands in the lowest bits of the sum.
    private const float Rounding = 12582912f;

    // ln 2 in two parts, of which the first has so few bits that its products with small whole numbers are exact.
    private const float Log2High = 0.693359375f;
    private const float Log2Low = -2.12194440e-4f;

    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        // In this order what is no number stays none.
        x = Vector.MinNative(new Vector<float>(Most), Vector.MaxNative(new Vector<float>(Least), x));
        var shifted = Vector.FusedMultiplyAdd(x, new Vector<float>(1.44269504f), new Vector<float>(Rounding));
        var whole = shifted - new Vector<float>(Rounding);
        var rest = Vector.FusedMultiplyAdd(whole, new Vector<float>(-Log2High), x);
        rest = Vector.FusedMultiplyAdd(whole, new Vector<float>(-Log2Low), rest);
        // The series: its next term is 1.2e-7 at the end of the range.
        var sum = Vector.FusedMultiplyAdd(rest, new Vector<float>(1f / 720), new Vector<float>(1f / 120));
        sum = Vector.FusedMultiplyAdd(rest, sum, new Vector<float>(1f / 24));
        sum = Vector.FusedMultiplyAdd(rest, sum, new Vector<float>(1f / 6));
        sum = Vector.FusedMultiplyAdd(rest, sum, new Vector<float>(1f / 2));
        sum = Vector.FusedMultiplyAdd(rest, sum, Vector<float>.One);
        sum = Vector.FusedMultiplyAdd(rest, sum, Vector<float>.One);
        var power = Vector.ShiftLeft(Vector.AsVectorInt32(shifted) + new Vector<int>(ExponentBias), MantissaBits);
        return sum * Vector.AsVectorSingle(power);
    }
}
