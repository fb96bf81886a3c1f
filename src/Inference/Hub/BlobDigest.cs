using System.Globalization;
using System.Security.Cryptography;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// What a file's bytes must hash to, which is also its name among the blobs: the SHA-256 of a file in large-file
/// storage, otherwise git's own hash of a blob (SHA-1 over <c>blob SIZE NUL</c> and the bytes).
/// </summary>
/// <param name="IsLargeFile">Whether <paramref name="Hex"/> is the SHA-256.</param>
/// <param name="Hex">Lower-case hexadecimal.</param>
internal sealed record BlobDigest(bool IsLargeFile, string Hex)
{
    public static BlobDigest? TryLargeFile(string? hex) => IsHex(hex, 64) ? new BlobDigest(true, hex!) : null;

    public static BlobDigest? TryGit(string? hex) => IsHex(hex, 40) ? new BlobDigest(false, hex!) : null;

    /// <summary>A hash that is ready for the first byte of the file.</summary>
    /// <param name="size">Bytes of the whole file; git hashes it before them.</param>
    public IncrementalHash Start(long size)
    {
        if (IsLargeFile)
            return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Git names its blobs by SHA-1; the choice is not ours.
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        return hash;
    }

    public bool Matches(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset()) == Hex;

    // Also a guard: the hash becomes a file name.
    private static bool IsHex(string? text, int length) =>
        text?.Length == length && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
