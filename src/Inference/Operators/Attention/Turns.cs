using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>By which angles the halves of each token's heads are turned against each other (RoPE).</summary>
/// <param name="positions">Of each token; null where nothing is turned.</param>
/// <param name="cosines">[positions, half].</param>
/// <param name="sines">As many.</param>
/// <param name="half">Half the components of a head.</param>
internal readonly unsafe struct Turns(long* positions, float* cosines, float* sines, int half)
{
    /// <summary>Whether anything is turned.</summary>
    public bool Exist => positions is not null;

    /// <summary>The angles' cosines of a token, of half a head; null where nothing is turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* CosinesOf(int token) => positions is null ? null : cosines + (positions[token] * half);

    /// <summary>Their sines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* SinesOf(int token) => positions is null ? null : sines + (positions[token] * half);
}
