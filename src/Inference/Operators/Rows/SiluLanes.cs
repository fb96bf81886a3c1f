using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>x * sigmoid(x).</summary>
internal readonly struct SiluLanes : IActivationLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x) => x / (Vector<float>.One + VectorExp.Of(-x));
}
