using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>An authority that is made for a test, and what it issues, as files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-authority-");
    private readonly X509Certificate2 _root;
    private int _issued;

    /// <param name="name">Two authorities may have one name, and are two all the same.</param>
    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(AuthorityFile, _root.ExportCertificatePem());
    }

    public string AuthorityFile => Path.Combine(_directory.FullName, "authority.pem");

    /// <summary>Issues a certificate for a node: the file with it and its key.</summary>
    public string Issue(string name = "node")
    {
        using var certificate = IssueCertificate(name, DateTimeOffset.UtcNow.AddDays(20));
        var path = Path.Combine(_directory.FullName, $"{name}-{_issued}.p12");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12));
        return path;
    }

    public X509Certificate2 IssueCertificate(string name, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var issued = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-1), until, BitConverter.GetBytes(++_issued));
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Delete(recursive: true);
    }
}
