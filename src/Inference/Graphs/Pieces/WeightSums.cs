namespace ActorEmbed.Inference.Graphs.Pieces;

/// <summary>
/// Which weights of a column are multiplied and added in 16 bits, where the processor has no dot products of bytes: of eight
/// rows the first two of both halves, and the last two. The tokens' bytes are up to 255, so that weights of one sign must not
/// sum up to more than a limit; weights of both signs may, as one sum then lies between the two.
/// </summary>
internal static class WeightSums
{
    /// <summary>Rows after which it begins again.</summary>
    public const int Window = 8;

    /// <summary>Sums in a window.</summary>
    public const int Groups = 2;

    /// <summary>The largest magnitude of a weight.</summary>
    public const int LargestWeight = 127;

    /// <summary>128 * 255 is the last that 16 bits with a sign hold; every pair, as ONNX Runtime's kernels add them, stays below it as well.</summary>
    public const int In16Bits = 128;

    /// <summary>Where all is added in 32 bits: so large that it binds nowhere, in a part of a window neither.</summary>
    public const int In32Bits = Window * LargestWeight;

    /// <summary>Which sum of its window a row belongs to.</summary>
    public static int GroupOf(int row) => (row >> 1) & 1;
}
