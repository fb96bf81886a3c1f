using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>Keys by components: [head size, <see cref="Tile.Columns"/>], as the columns of a tile are read.</summary>
internal static unsafe class KeyPanel
{
    private static readonly int Lanes = Vector128<float>.Count;

    /// <param name="keys">Of all tokens.</param>
    /// <param name="start">First component of the head.</param>
    /// <param name="size">Components of a head.</param>
    /// <param name="first">The first token of the panel.</param>
    /// <param name="end">Behind the last token that counts; the columns behind it repeat that token.</param>
    /// <param name="panel">[size, columns], written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(TokenPart keys, int start, int size, int first, int end, float* panel)
    {
        var columns = Tile.Columns;
        for (var column = 0; column < columns; column += Lanes)
        {
            var a = keys.Of(Math.Min(first + column, end - 1), start);
            var b = keys.Of(Math.Min(first + column + 1, end - 1), start);
            var c = keys.Of(Math.Min(first + column + 2, end - 1), start);
            var d = keys.Of(Math.Min(first + column + 3, end - 1), start);
            var packed = panel + column;
            var i = 0;
            for (; i <= size - Lanes; i += Lanes, packed += Lanes * columns)
                Transpose(a.Load(i), b.Load(i), c.Load(i), d.Load(i), packed, columns);
            for (; i < size; i++, packed += columns)
                (packed[0], packed[1], packed[2], packed[3]) = (a.Number(i), b.Number(i), c.Number(i), d.Number(i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* result, nint stride)
    {
        var (lowAc, highAc) = Interleave(a, c);
        var (lowBd, highBd) = Interleave(b, d);
        var (first, second) = Interleave(lowAc, lowBd);
        var (third, fourth) = Interleave(highAc, highBd);
        first.Store(result);
        second.Store(result + stride);
        third.Store(result + (2 * stride));
        fourth.Store(result + (3 * stride));
    }

    /// <summary>Lane by lane one of each: those of the first half, those of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
            return (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b));
        if (AdvSimd.Arm64.IsSupported)
            return (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
        return (Vector128.Create(a[0], b[0], a[1], b[1]), Vector128.Create(a[2], b[2], a[3], b[3]));
    }
}
