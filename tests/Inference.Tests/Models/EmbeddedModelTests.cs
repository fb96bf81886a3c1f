using System.Security.Cryptography;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Models;

public sealed class EmbeddedModelTests
{
    [Fact]
    public void Every_file_of_the_embedded_model_has_its_checksum_beside_it()
    {
        var stated = File.ReadLines(Path.Combine(TestModels.Starter, "SHA256SUMS"))
            .Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);
        var files = Directory.EnumerateFiles(TestModels.Starter, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(TestModels.Starter, file).Replace('\\', '/'))
            .Where(file => file != "SHA256SUMS");

        Assert.Equal(
            stated.OrderBy(s => s.Key, StringComparer.Ordinal),
            files.ToDictionary(file => file, file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(TestModels.Starter, file)))))
                .OrderBy(s => s.Key, StringComparer.Ordinal));
    }
}
