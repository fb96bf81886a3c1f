using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// Which certificates of other nodes count: those that are named, and those of one authority. Never those of every
/// authority that the system trusts: anybody can have one of theirs.
/// </summary>
internal static class CertificateTrust
{
    /// <summary>Whether a node may show this certificate.</summary>
    /// <param name="certificate">What the other side has proved to be its own.</param>
    /// <param name="fingerprints">SHA-256 of certificates, as hex digits.</param>
    /// <param name="authorities">Certificates that may have issued it, or have issued those that did.</param>
    public static bool IsTrusted(X509Certificate2? certificate, IEnumerable<string> fingerprints, X509Certificate2Collection authorities)
    {
        if (certificate is null)
            return false;
        var own = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return fingerprints.Any(fingerprint => own.Equals(Digits(fingerprint), StringComparison.OrdinalIgnoreCase))
            || (authorities.Count > 0 && IsIssuedBy(certificate, authorities));
    }

    /// <summary>Whether this is a SHA-256: 64 hex digits, with or without colons between.</summary>
    public static bool IsFingerprint(string text) =>
        Digits(text) is var digits && digits.Length == SHA256.HashSizeInBytes * 2 && digits.All(char.IsAsciiHexDigit);

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // An authority of one's own rarely publishes lists, and a node must not call a stranger to join.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    private static string Digits(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal);
}
