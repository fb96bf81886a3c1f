using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>GELU by the error function, to 2e-6.</summary>
internal readonly struct GeluLanes : IActivationLanes
{
    // Beyond 5 either way the result is x or 0, to 1.5e-6.
    private const float End = 5f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        // In this order what is no number stays none.
        x = Vector.MaxNative(new Vector<float>(-End), x);
        var within = Vector.MinNative(new Vector<float>(End), x);
        // erf(x / sqrt 2) / 2x as a polynomial of x^2, moved to [-1, 1]: the Chebyshev interpolation of degree 13 there.
        var t = Vector.FusedMultiplyAdd(within * within, new Vector<float>(2 / (End * End)), -Vector<float>.One);
        var sum = new Vector<float>(-0.000292241893f);
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.000734437257f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(-0.000726867293f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.00137740734f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(-0.00371436216f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.00676337304f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(-0.0105945729f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.0162377208f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(-0.0234209858f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.0314763784f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(-0.0404252969f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.0515179634f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(-0.0702968389f));
        sum = Vector.FusedMultiplyAdd(sum, t, new Vector<float>(0.141363814f));
        return x * Vector.FusedMultiplyAdd(within, sum, new Vector<float>(0.5f));
    }
}
