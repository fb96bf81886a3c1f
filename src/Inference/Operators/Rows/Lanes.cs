using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>The rest of a row that fills no whole vector.</summary>
internal static unsafe class Lanes
{
    /// <summary>The first of a vector; zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector<float> LoadPart(float* row, int count)
    {
        var lanes = Vector<float>.Zero;
        for (var i = 0; i < count; i++)
            lanes = lanes.WithElement(i, row[i]);
        return lanes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart(Vector<float> lanes, float* row, int count)
    {
        for (var i = 0; i < count; i++)
            row[i] = lanes[i];
    }
}
