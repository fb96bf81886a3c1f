using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Testing;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Actors.Tests.Clustering;

[Collection(ClusterTestsAlone.Name)]
public sealed class CertificateSpecs : IDisposable
{
    private readonly TestAuthority _own = new("nodes");
    private readonly TestAuthority _other = new("nodes");

    public void Dispose()
    {
        _own.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Who_has_a_certificate_of_the_authority_takes_part_and_who_has_one_of_another_does_not()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync(Options(_own, _own));

        await using var stranger = await ClusterNode.StartWorkerAsync(router, new FakeEmbeddingModel().Open, Options(_other, _own));
        await using var friend = await ClusterNode.StartWorkerAsync(router, model.Load, Options(_own, _own));
        await router.AwaitWorkersAsync(1);

        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text"));
        Assert.Equal(friend.Address, Assert.Single((await router.StatusAsync()).Workers).Node);
        Assert.Equal(2, Akka.Cluster.Cluster.Get(router.System).State.Members.Count);
    }

    [Fact]
    public void Only_what_the_authority_has_issued_is_trusted_and_only_while_it_is_valid()
    {
        var authorities = new ClusterOptions { AuthorityFile = _own.AuthorityFile }.LoadAuthorities();
        using var good = _own.IssueCertificate("node", DateTimeOffset.UtcNow.AddDays(1));
        using var stale = _own.IssueCertificate("node", DateTimeOffset.UtcNow.AddHours(-1));
        using var foreign = _other.IssueCertificate("node", DateTimeOffset.UtcNow.AddDays(1));

        Assert.True(CertificateTrust.IsTrusted(good, [], authorities));
        Assert.All([stale, foreign, null], certificate => Assert.False(CertificateTrust.IsTrusted(certificate, [], authorities)));
        Assert.False(CertificateTrust.IsTrusted(good, [], []));
    }

    [Fact]
    public void A_certificate_is_trusted_by_its_fingerprint_and_no_other_of_the_same_authority()
    {
        using var named = _own.IssueCertificate("node", DateTimeOffset.UtcNow.AddDays(1));
        using var other = _own.IssueCertificate("node", DateTimeOffset.UtcNow.AddDays(1));
        var digits = named.GetCertHashString(HashAlgorithmName.SHA256);
        var colons = string.Join(':', digits.Chunk(2).Select(pair => new string(pair)));

        Assert.All([digits, digits.ToLowerInvariant(), colons], fingerprint => Assert.True(CertificateTrust.IsTrusted(named, [fingerprint], [])));
        Assert.False(CertificateTrust.IsTrusted(other, [digits], []));
    }

    [Fact]
    public void A_certificate_without_a_word_on_whom_to_trust_is_no_start()
    {
        var error = Assert.Throws<ValidationException>(new ClusterOptions { CertificateFile = _own.Issue() }.Validate);

        Assert.All(["AuthorityFile", "TrustedFingerprints"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_and_fingerprints_that_are_of_no_use_are_named()
    {
        var empty = Path.Combine(Path.GetDirectoryName(_own.AuthorityFile)!, "empty.pem");
        File.WriteAllText(empty, "");
        var wrong = new ClusterOptions { CertificateFile = _own.AuthorityFile, AuthorityFile = empty, TrustedFingerprints = ["ab:cd"] };
        var useless = new ClusterOptions { AuthorityFile = _own.AuthorityFile };

        var error = Assert.Throws<ValidationException>(wrong.Validate);

        Assert.All(
            ["CertificateFile cannot be used", "AuthorityFile cannot be used: it holds no certificate", "'ab:cd'"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Contains("only with CertificateFile", Assert.Throws<ValidationException>(useless.Validate).Message, StringComparison.Ordinal);
    }

    private static ClusterOptions Options(TestAuthority issuer, TestAuthority trusted) =>
        new() { CertificateFile = issuer.Issue(), AuthorityFile = trusted.AuthorityFile };
}
