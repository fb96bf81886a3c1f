using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorEmbed.Inference.Operators;

/// <summary>
/// Products of four tokens with a panel of weights (<see cref="WeightPanels"/>), for processors with AVX2; exact as long as the
/// weights keep to their sums.
/// </summary>
/// <param name="rows">Length of a token.</param>
internal readonly unsafe struct ByteTile(int rows)
{
    public const int Tokens = 4;

    public const int Columns = 16;

    /// <summary>Rows of one step: those of a window of sums, as pairs from both halves of it are added in 16 bits.</summary>
    public const int Rows = 8;

    /// <summary>Weights of one step.</summary>
    public const int StepBytes = Rows * Columns;

    private readonly nint _rows = rows;
    private readonly nint _rowsInSteps = rows / Rows * Rows;

    /// <param name="tokens">The bytes of the first token, which the others follow.</param>
    /// <param name="count">Of tokens; where there are fewer than four, the last stands for those that are missing.</param>
    /// <param name="weights">The panel.</param>
    /// <param name="next">What will be read later, and is brought near meanwhile.</param>
    /// <param name="stride">How far to go in it with each step.</param>
    /// <param name="sums">[4, 16], added to.</param>
    public void Add(byte* tokens, int count, sbyte* weights, sbyte* next, nint stride, int* sums)
    {
        var b = count > 1 ? tokens + _rows : tokens;
        var c = count > 2 ? b + _rows : b;
        var d = count > 3 ? c + _rows : c;
        AddSteps(tokens, b, c, d, _rowsInSteps, weights, next, stride, sums);
        if (_rows != _rowsInSteps)
            AddRest(tokens + _rowsInSteps, b + _rowsInSteps, c + _rowsInSteps, d + _rowsInSteps, weights + _rowsInSteps * Columns, sums);
    }

    /// <summary>The rows behind the last whole step, filled up: the weights there are zeros.</summary>
    private void AddRest(byte* a, byte* b, byte* c, byte* d, sbyte* weights, int* sums)
    {
        var rest = stackalloc byte[Tokens * Rows];
        for (var row = 0; row < _rows - _rowsInSteps; row++)
            (rest[row], rest[Rows + row], rest[2 * Rows + row], rest[3 * Rows + row]) = (a[row], b[row], c[row], d[row]);
        AddSteps(rest, rest + Rows, rest + 2 * Rows, rest + 3 * Rows, Rows, weights, next: weights, stride: 0, sums);
    }

    // With a call or a second loop in it, the compiler keeps the sums in memory. Optimised from the first call on: the first text
    // would wait for the usual thirty.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSteps(byte* a, byte* b, byte* c, byte* d, nint rows, sbyte* weights, sbyte* next, nint stride, int* sums)
    {
        var ones = Vector256.Create((short)1);
        var (a0, a1) = (Vector256.Load(sums), Vector256.Load(sums + 8));
        var (b0, b1) = (Vector256.Load(sums + 16), Vector256.Load(sums + 24));
        var (c0, c1) = (Vector256.Load(sums + 32), Vector256.Load(sums + 40));
        var (d0, d1) = (Vector256.Load(sums + 48), Vector256.Load(sums + 56));
        for (nint row = 0; row < rows; row += Rows)
        {
            Sse.Prefetch0(next);
            next += stride;
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

        a0.Store(sums);
        a1.Store(sums + 8);
        b0.Store(sums + 16);
        b1.Store(sums + 24);
        c0.Store(sums + 32);
        c1.Store(sums + 40);
        d0.Store(sums + 48);
        d1.Store(sums + 56);
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
