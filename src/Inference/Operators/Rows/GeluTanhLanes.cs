using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>GELU by its approximation with the hyperbolic tangent, which is a sigmoid of twice the argument.</summary>
internal readonly struct GeluTanhLanes : IActivationLanes
{
    // sqrt(2 / pi), twice.
    private const float Slope = 2 * 0.7978845608f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        var argument = x * Vector.FusedMultiplyAdd(x * x, new Vector<float>(Slope * Cubic), new Vector<float>(Slope));
        return x / (Vector<float>.One + VectorExp.Of(-argument));
    }
}
