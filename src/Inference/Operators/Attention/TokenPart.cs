using System.Runtime.CompilerServices;

namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>Queries, keys or values of packed tokens, with what is left to do to them.</summary>
/// <param name="tokens">The first component of the first token.</param>
/// <param name="stride">From one token to the next.</param>
/// <param name="scales">What each token is multiplied by; null for nothing.</param>
/// <param name="bias">Added to every token; null for nothing.</param>
/// <param name="turns">Done to them last.</param>
internal readonly unsafe struct TokenPart(float* tokens, int stride, float* scales = null, float* bias = null, Turns turns = default)
{
    public bool AreTurned => turns.Exist;

    /// <param name="token">Which token.</param>
    /// <param name="start">First component of a head.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TokenHead Of(int token, int start) => new(
        tokens + ((nint)token * stride) + start, scales is null ? 1f : scales[token], bias is null ? null : bias + start,
        turns.CosinesOf(token), turns.SinesOf(token));
}
