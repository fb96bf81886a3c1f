using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>One head of one token, with what is left to do to it.</summary>
/// <param name="numbers">Its components.</param>
/// <param name="scale">What they are multiplied by.</param>
/// <param name="bias">Added to them; null for nothing.</param>
internal readonly unsafe struct TokenHead(float* numbers, float scale, float* bias)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Number(int i) => bias is null ? numbers[i] * scale : MathF.FusedMultiplyAdd(numbers[i], scale, bias[i]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Load(int i) => bias is null
        ? Vector128.Load(numbers + i) * scale
        : Vector128.FusedMultiplyAdd(Vector128.Load(numbers + i), Vector128.Create(scale), Vector128.Load(bias + i));

    /// <param name="result">[size], written.</param>
    /// <param name="size">Components of a head.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(float* result, int size)
    {
        var scales = new Vector<float>(scale);
        var i = 0;
        if (bias is null)
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
                (Vector.Load(numbers + i) * scales).Store(result + i);
        }
        else
        {
            for (; i <= size - Vector<float>.Count; i += Vector<float>.Count)
                Vector.FusedMultiplyAdd(Vector.Load(numbers + i), scales, Vector.Load(bias + i)).Store(result + i);
        }

        for (; i < size; i++)
            result[i] = Number(i);
    }
}
