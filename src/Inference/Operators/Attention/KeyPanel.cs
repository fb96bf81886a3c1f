using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>Keys by components: [head size, <see cref="Tile.Columns"/>], as the columns of a tile are read.</summary>
internal static unsafe class KeyPanel
{
    /// <summary>Keys that are packed together.</summary>
    public static int Together => Vector128<float>.Count;

    /// <param name="keys">Of all tokens.</param>
    /// <param name="start">First component of the head.</param>
    /// <param name="size">Components of a head.</param>
    /// <param name="first">The first token of the panel.</param>
    /// <param name="end">Behind the last token that counts; the columns behind it repeat that token.</param>
    /// <param name="panel">[size, columns], written.</param>
    /// <param name="turned">[<see cref="Together"/>, size], for keys on their way.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(TokenPart keys, int start, int size, int first, int end, float* panel, float* turned)
    {
        var columns = Tile.Columns;
        for (var column = 0; column < columns; column += Together)
        {
            var a = Head(keys, Math.Min(first + column, end - 1), start, size, turned);
            var b = Head(keys, Math.Min(first + column + 1, end - 1), start, size, turned + size);
            var c = Head(keys, Math.Min(first + column + 2, end - 1), start, size, turned + (2 * size));
            var d = Head(keys, Math.Min(first + column + 3, end - 1), start, size, turned + (3 * size));
            var packed = panel + column;
            var i = 0;
            for (; i <= size - Together; i += Together, packed += Together * columns)
                Transpose(a.Load(i), b.Load(i), c.Load(i), d.Load(i), packed, columns);
            for (; i < size; i++, packed += columns)
                (packed[0], packed[1], packed[2], packed[3]) = (a.Number(i), b.Number(i), c.Number(i), d.Number(i));
        }
    }

    /// <summary>A key that needs no turning any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TokenHead Head(TokenPart keys, int token, int start, int size, float* turned)
    {
        var head = keys.Of(token, start);
        if (!keys.AreTurned)
            return head;
        head.CopyTo(turned, size);
        return new TokenHead(turned, 1f, null, null, null);
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
