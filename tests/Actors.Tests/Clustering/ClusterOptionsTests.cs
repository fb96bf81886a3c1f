using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ActorEmbed.Actors.Clustering;

namespace ActorEmbed.Actors.Tests.Clustering;

public sealed class ClusterOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_reach_no_other_machine()
    {
        var options = new ClusterOptions();

        options.Validate();

        Assert.False(options.IsExposed);
    }

    [Fact]
    public void Everything_that_is_wrong_is_reported_together()
    {
        var options = new ClusterOptions { Port = -1, Secret = "short", SeedNodes = ["here", "there:0", "::1"], CertificateFile = "/no/such/file" };

        var error = Assert.Throws<ValidationException>(options.Validate);

        Assert.All(
            ["Port", "Secret must have 32", "exclude each other", "'here'", "'there:0'", "'::1'", "/no/such/file"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("node-1.internal", "0.0.0.0", true)]
    [InlineData("::1", "::1", false)]
    public void It_listens_where_it_is_reached_and_knows_whether_others_reach_it(string advertise, string bind, bool isExposed)
    {
        var options = new ClusterOptions { Advertise = advertise };

        Assert.Equal((bind, isExposed), (options.BindAddress, options.IsExposed));
    }

    [Fact]
    public void The_secret_is_in_no_report_of_the_settings() => Assert.DoesNotContain(
        "hidden", JsonSerializer.Serialize(new ClusterOptions { Secret = "hidden", CertificatePassword = "hidden" }), StringComparison.Ordinal);

    [Fact]
    public void Only_a_certificate_made_with_the_same_secret_is_trusted()
    {
        using var own = SharedSecretTls.CreateCertificate("one secret");
        using var copy = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(own.RawData);

        Assert.True(SharedSecretTls.IsTrusted(copy, "one secret"));
        Assert.False(SharedSecretTls.IsTrusted(copy, "another secret"));
        Assert.False(SharedSecretTls.IsTrusted(null, "one secret"));
    }
}
