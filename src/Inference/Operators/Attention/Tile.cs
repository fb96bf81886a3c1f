using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>The product of a few rows with two vectors of columns: what the products of attention are made of.</summary>
internal static unsafe class Tile
{
    /// <summary>
    /// Rows of a tile. With two vectors of columns its sums fill 12 of 16 registers, which is enough that every one has its
    /// time between two multiplications.
    /// </summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => 2 * Vector<float>.Count;

    /// <summary>[<see cref="Rows"/>, depth] times [depth, <see cref="Columns"/>].</summary>
    /// <param name="left">The rows.</param>
    /// <param name="leftStride">From one row to the next.</param>
    /// <param name="right">The columns.</param>
    /// <param name="rightStride">From one summand to the next.</param>
    /// <param name="depth">Summands.</param>
    /// <param name="result">[<see cref="Rows"/>, <see cref="Columns"/>].</param>
    /// <param name="resultStride">From one row to the next.</param>
    /// <param name="isAdded">Whether the product is added to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* left, nint leftStride, float* right, nint rightStride, int depth, float* result, nint resultStride, bool isAdded)
    {
        Vector<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        Vector<float> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        var third = left + (3 * leftStride);
        for (var k = 0; k < depth; k++)
        {
            var (a, b) = (Vector.Load(right), Vector.Load(right + Vector<float>.Count));
            var row = new Vector<float>(left[0]);
            (a0, b0) = (Vector.FusedMultiplyAdd(row, a, a0), Vector.FusedMultiplyAdd(row, b, b0));
            row = new Vector<float>(left[leftStride]);
            (a1, b1) = (Vector.FusedMultiplyAdd(row, a, a1), Vector.FusedMultiplyAdd(row, b, b1));
            row = new Vector<float>(left[2 * leftStride]);
            (a2, b2) = (Vector.FusedMultiplyAdd(row, a, a2), Vector.FusedMultiplyAdd(row, b, b2));
            row = new Vector<float>(third[0]);
            (a3, b3) = (Vector.FusedMultiplyAdd(row, a, a3), Vector.FusedMultiplyAdd(row, b, b3));
            row = new Vector<float>(third[leftStride]);
            (a4, b4) = (Vector.FusedMultiplyAdd(row, a, a4), Vector.FusedMultiplyAdd(row, b, b4));
            row = new Vector<float>(third[2 * leftStride]);
            (a5, b5) = (Vector.FusedMultiplyAdd(row, a, a5), Vector.FusedMultiplyAdd(row, b, b5));
            left++;
            third++;
            right += rightStride;
        }

        Store(a0, b0, result, isAdded);
        Store(a1, b1, result + resultStride, isAdded);
        Store(a2, b2, result + (2 * resultStride), isAdded);
        Store(a3, b3, result + (3 * resultStride), isAdded);
        Store(a4, b4, result + (4 * resultStride), isAdded);
        Store(a5, b5, result + (5 * resultStride), isAdded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> a, Vector<float> b, float* result, bool isAdded)
    {
        if (isAdded)
        {
            a += Vector.Load(result);
            b += Vector.Load(result + Vector<float>.Count);
        }

        a.Store(result);
        b.Store(result + Vector<float>.Count);
    }
}
