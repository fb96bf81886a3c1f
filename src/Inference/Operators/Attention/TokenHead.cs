using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>One head of one token, with what is left to do to it.</summary>
/// <param name="numbers">Its components.</param>
/// <param name="scale">What they are multiplied by.</param>
/// <param name="bias">Added to them; null for nothing.</param>
/// <param name="cosines">Of the angles that its halves are turned by; null for none.</param>
/// <param name="sines">Of the same angles.</param>
internal readonly unsafe struct TokenHead(float* numbers, float scale, float* bias, float* cosines, float* sines)
{
    /// <summary>One component, before it is turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Number(int i) => bias is null ? numbers[i] * scale : MathF.FusedMultiplyAdd(numbers[i], scale, bias[i]);

    /// <summary>Some components, before they are turned.</summary>
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
        if (cosines is not null)
            Turn(result, result + (size / 2), size / 2);
    }

    private void Turn(float* first, float* second, int half)
    {
        var i = 0;
        for (; i <= half - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (a, b) = (Vector.Load(first + i), Vector.Load(second + i));
            var (cosine, sine) = (Vector.Load(cosines + i), Vector.Load(sines + i));
            ((a * cosine) - (b * sine)).Store(first + i);
            ((b * cosine) + (a * sine)).Store(second + i);
        }

        for (; i < half; i++)
        {
            var (a, b) = (first[i], second[i]);
            (first[i], second[i]) = ((a * cosines[i]) - (b * sines[i]), (b * cosines[i]) + (a * sines[i]));
        }
    }
}
