using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using ActorEmbed.Inference.Weights;

namespace ActorEmbed.Inference.Files;

/// <summary>
/// A checksum against damage, not against forgery: CRC-32C in independent lanes, because one lane waits for the
/// processor's latency. 340 MB take some 30 ms, so that every start can afford it.
/// </summary>
internal static class FileChecksum
{
    private const int Lanes = 8;

    /// <returns>Length and checksum, as text.</returns>
    public static string Compute(string path)
    {
        using var file = new MappedFile(path);
        return file.Length == 0
            ? "0:"
            : string.Create(CultureInfo.InvariantCulture, $"{file.Length}:{Compute(file.Slice(0, checked((int)file.Length))):x16}");
    }

    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var inLanes = words.Length / Lanes * Lanes;
        uint a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (var i = 0; i < inLanes; i += Lanes)
        {
            a = BitOperations.Crc32C(a, words[i]);
            b = BitOperations.Crc32C(b, words[i + 1]);
            c = BitOperations.Crc32C(c, words[i + 2]);
            d = BitOperations.Crc32C(d, words[i + 3]);
            e = BitOperations.Crc32C(e, words[i + 4]);
            f = BitOperations.Crc32C(f, words[i + 5]);
            g = BitOperations.Crc32C(g, words[i + 6]);
            h = BitOperations.Crc32C(h, words[i + 7]);
        }

        foreach (var rest in bytes[(inLanes * sizeof(ulong))..])
            a = BitOperations.Crc32C(a, rest);
        return Combine([a, b, c, d, e, f, g, h]);
    }

    private static ulong Combine(ReadOnlySpan<uint> lanes)
    {
        uint even = 0, odd = uint.MaxValue;
        for (var lane = 0; lane < lanes.Length; lane++)
            (even, odd) = (BitOperations.Crc32C(even, lanes[lane]), BitOperations.Crc32C(odd, lanes[lanes.Length - 1 - lane]));
        return ((ulong)even << 32) | odd;
    }
}
