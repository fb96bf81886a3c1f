using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>One row of a product on its way through an activation.</summary>
/// <param name="bias">[width] of the product, or with a gate twice as many; null for none.</param>
/// <param name="width">Of the result.</param>
/// <param name="gate">Where the part begins that is activated.</param>
/// <param name="passing">Where the part begins that is multiplied with it; negative without a gate.</param>
internal readonly unsafe struct RowActivation(float* bias, int width, int gate, int passing)
{
    /// <summary>Numbers of the result.</summary>
    public int Width => width;

    /// <param name="product">The row.</param>
    /// <param name="scale">What it is multiplied by first.</param>
    /// <param name="result">[width], written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply<TActivation>(float* product, float scale, float* result)
        where TActivation : struct, IActivationLanes
    {
        var scales = new Vector<float>(scale);
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var lanes = TActivation.Of(Load(product, gate + i, scales));
            if (passing >= 0)
                lanes *= Load(product, passing + i, scales);
            lanes.Store(result + i);
        }

        if (i < width)
            ApplyPart<TActivation>(product, scales, i, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Load(float* product, int start, Vector<float> scales)
    {
        var lanes = Vector.Load(product + start);
        return bias is null ? lanes * scales : Vector.FusedMultiplyAdd(lanes, scales, Vector.Load(bias + start));
    }

    /// <summary>The end of the row, which fills no vector.</summary>
    private void ApplyPart<TActivation>(float* product, Vector<float> scales, int start, float* result)
        where TActivation : struct, IActivationLanes
    {
        var count = width - start;
        var lanes = TActivation.Of(LoadPart(product, gate + start, scales, count));
        if (passing >= 0)
            lanes *= LoadPart(product, passing + start, scales, count);
        Lanes.StorePart(lanes, result + start, count);
    }

    private Vector<float> LoadPart(float* product, int start, Vector<float> scales, int count)
    {
        var lanes = Lanes.LoadPart(product + start, count);
        return bias is null ? lanes * scales : Vector.FusedMultiplyAdd(lanes, scales, Lanes.LoadPart(bias + start, count));
    }
}
