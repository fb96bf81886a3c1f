using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorEmbed.Inference.Operators;

/// <summary>Products of four tokens with sixteen columns of weights, for processors with AVX2; exact as long as the weights keep to their sums.</summary>
internal static unsafe class ByteTile
{
    public const int Tokens = 4;

    public const int Columns = 16;

    // Rows of one step: those of a window of WeightSums, as sums of pairs from both halves of it are added in 16 bits.
    public const int Rows = 8;

    public const int StepBytes = Rows * Columns;

    // One 32-bit number of each lane.
    private const int Lanes = 8;

    /// <param name="tokens">The bytes of the first token, which the others follow.</param>
    /// <param name="count">Of tokens; where there are fewer than four, the last stands for those that are missing.</param>
    /// <param name="rows">Length of a token.</param>
    /// <param name="weights">A panel: see <see cref="WeightPanels"/>.</param>
    /// <param name="next">What will be read later, and is brought near meanwhile.</param>
    /// <param name="step">How far to go in it each time.</param>
    /// <param name="sums">[4, 16], written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* tokens, int count, int rows, sbyte* weights, sbyte* next, int step, int* sums)
    {
        var rest = stackalloc byte[Tokens * Rows];
        var a = tokens;
        var b = count > 1 ? a + rows : a;
        var c = count > 2 ? b + rows : b;
        var d = count > 3 ? c + rows : c;
        var ones = Vector256.Create((short)1);
        Vector256<int> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        var left = rows % Rows;
        var end = rows - left;
        while (true)
        {
            for (var row = 0; row < end; row += Rows)
            {
                Sse.Prefetch0(next);
                next += step;
                var (first, second) = (Vector256.Load(weights), Vector256.Load(weights + 32));
                var (third, fourth) = (Vector256.Load(weights + 64), Vector256.Load(weights + 96));
                weights += StepBytes;
                var (low, high) = (Four(a + row), Four(a + row + 4));
                a0 = Add(a0, low, high, first, second, ones);
                a1 = Add(a1, low, high, third, fourth, ones);
                (low, high) = (Four(b + row), Four(b + row + 4));
                b0 = Add(b0, low, high, first, second, ones);
                b1 = Add(b1, low, high, third, fourth, ones);
                (low, high) = (Four(c + row), Four(c + row + 4));
                c0 = Add(c0, low, high, first, second, ones);
                c1 = Add(c1, low, high, third, fourth, ones);
                (low, high) = (Four(d + row), Four(d + row + 4));
                d0 = Add(d0, low, high, first, second, ones);
                d1 = Add(d1, low, high, third, fourth, ones);
            }

            if (left == 0)
                break;
            // Once more, with rows that are filled up: the weights there are zeros.
            Unsafe.CopyBlockUnaligned(rest, a + end, (uint)left);
            Unsafe.CopyBlockUnaligned(rest + Rows, b + end, (uint)left);
            Unsafe.CopyBlockUnaligned(rest + 2 * Rows, c + end, (uint)left);
            Unsafe.CopyBlockUnaligned(rest + 3 * Rows, d + end, (uint)left);
            a = rest;
            b = rest + Rows;
            c = rest + 2 * Rows;
            d = rest + 3 * Rows;
            (end, left) = (Rows, 0);
        }

        a0.Store(sums);
        a1.Store(sums + Lanes);
        b0.Store(sums + Columns);
        b1.Store(sums + Columns + Lanes);
        c0.Store(sums + 2 * Columns);
        c1.Store(sums + 2 * Columns + Lanes);
        d0.Store(sums + 3 * Columns);
        d1.Store(sums + 3 * Columns + Lanes);
    }

    /// <summary>Four bytes of a token, for every column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Four(byte* token) => Avx2.BroadcastScalarToVector256((int*)token).AsByte();

    /// <summary>Eight rows of eight columns: pairs, and pairs of pairs, in 16 bits, and then in 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(
        Vector256<int> sums, Vector256<byte> low, Vector256<byte> high, Vector256<sbyte> first, Vector256<sbyte> second, Vector256<short> ones) =>
        Avx2.Add(sums, Avx2.MultiplyAddAdjacent(Avx2.Add(Avx2.MultiplyAddAdjacent(low, first), Avx2.MultiplyAddAdjacent(high, second)), ones));
}
