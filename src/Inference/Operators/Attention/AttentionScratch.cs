namespace ActorEmbed.Inference.Operators.Attention;

/// <summary>Memory of one thread, kept from call to call: at most what blocks of <see cref="KeysOfBlock"/> keys and as many queries take.</summary>
internal static class AttentionScratch
{
    /// <summary>
    /// Keys that are taken together, and queries that share them: with heads of 64 components their keys and values take 128 KB,
    /// which stay in a second-level cache.
    /// </summary>
    public const int KeysOfBlock = 256;

    private const int LineBytes = 64;

    [ThreadStatic]
    private static float[]? _numbers;

    /// <summary>Room for so many numbers; what was there is lost.</summary>
    public static unsafe float* Take(int numbers)
    {
        var wanted = numbers + (LineBytes / sizeof(float));
        if (_numbers is null || _numbers.Length < wanted)
            _numbers = GC.AllocateUninitializedArray<float>(wanted, pinned: true);
        // Vectors that lie across two lines of the cache take twice as long to read.
        fixed (float* first = _numbers)
            return (float*)(((nuint)first + LineBytes - 1) / LineBytes * LineBytes);
    }
}
