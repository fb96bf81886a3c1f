using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorEmbed.Actors.Clustering;

/// <summary>
/// TLS between nodes that share a secret and have no certificates: each makes one for itself at its start and puts into
/// it a proof, an HMAC of its public key under the secret. Who does not know the secret can make no proof for a key of
/// its own; who copies a certificate does not have its key. So both sides are known, and nobody sits between them.
/// </summary>
internal static class SharedSecretTls
{
    // A private extension; the arc is that of UUIDs (2.25), the number a random one made for this.
    private const string ProofOid = "2.25.289047210483712957316423011875522301479";

    // A node makes a new one at every start; clocks may differ.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    public static X509Certificate2 CreateCertificate(string secret)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=actorembed", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(ProofOid, Proof(secret, key.ExportSubjectPublicKeyInfo()), critical: false));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Lifetime);
        // TLS on Windows takes no key that exists in memory alone.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    public static bool IsTrusted(X509Certificate2? certificate, string secret) =>
        certificate?.Extensions[ProofOid] is { } proof
        && CryptographicOperations.FixedTimeEquals(proof.RawData, Proof(secret, certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static byte[] Proof(string secret, byte[] publicKey) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), publicKey);
}
