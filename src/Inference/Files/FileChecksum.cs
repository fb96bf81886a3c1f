using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Files;

/// <summary>
/// A checksum of all bytes of a file, against damage and mistakes, not against forgery: whoever can write a model can
/// write its vectors too. XxHash128 is as fast as the memory, so that every start can afford it.
/// </summary>
internal static class FileChecksum
{
    // Large enough that the system reads ahead, small enough to stay in the cache.
    private const int BlockBytes = 1 << 20;

    /// <returns>Length and hash, as text.</returns>
    public static string Compute(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        return Compute(file);
    }

    /// <inheritdoc cref="Compute(string)" />
    public static string Compute(SafeFileHandle file)
    {
        var hash = new XxHash128();
        var block = new byte[BlockBytes];
        var length = 0L;
        for (int read; (read = RandomAccess.Read(file, block, length)) > 0; length += read)
            hash.Append(block.AsSpan(0, read));
        return string.Create(CultureInfo.InvariantCulture, $"{length}:{Convert.ToHexStringLower(hash.GetCurrentHash())}");
    }
}
