namespace ActorEmbed.Client.Tests.TypeScript;

public sealed class TypeScriptPackageTests
{
    [NpmFact]
    public async Task The_typescript_package_builds_and_passes_its_own_tests()
    {
        var (exitCode, output) = await TypeScriptPackage.TestAsync();

        Assert.True(exitCode == 0, output);
    }
}
