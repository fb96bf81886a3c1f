using System.Numerics;
using System.Runtime.CompilerServices;
using ActorEmbed.Inference.Operators.Rows;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>
/// The softmax of one query's scores, block of keys by block. Behind the scores there is room for a vector, so that no end
/// has to be looked after.
/// </summary>
internal static unsafe class RowSoftmax
{
    /// <summary>The greatest score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Greatest(float* scores, int count)
    {
        var lanes = new Vector<float>(float.NegativeInfinity);
        lanes.Store(scores + count);
        for (var i = 0; i < count; i += Vector<float>.Count)
            lanes = Vector.MaxNative(lanes, Vector.Load(scores + i));
        var greatest = lanes[0];
        for (var lane = 1; lane < Vector<float>.Count; lane++)
            greatest = float.MaxNative(greatest, lanes[lane]);
        return greatest;
    }

    /// <summary>Puts the exponentials of the scores, less the greatest, in their place, after <see cref="Greatest"/>.</summary>
    /// <returns>Their sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* scores, int count, float greatest)
    {
        var (greatests, total) = (new Vector<float>(greatest), Vector<float>.Zero);
        for (var i = 0; i < count; i += Vector<float>.Count)
        {
            var lanes = VectorExp.Of(Vector.Load(scores + i) - greatests);
            total += lanes;
            lanes.Store(scores + i);
        }

        return Vector.Sum(total);
    }
}
