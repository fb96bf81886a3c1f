using System.Diagnostics;
using System.Xml.Linq;
using Xunit;

namespace ActorEmbed.Documents.Tests;

/// <summary>
/// Projects outside of this repository, without its central versions, that refer to a project here and to nothing else: what
/// they get is what the libraries name themselves. Their code is that of the documents.
/// </summary>
public sealed class StrangersProjectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorembed-stranger-");

    [Fact]
    public async Task A_console_program_refers_to_the_actors_alone_and_embeds()
    {
        Write("Program.cs", "src/Actors/README.md", block: 0);
        WriteProject("src/Actors/Actors.csproj", "Exe");

        var output = await RunAsync("run");

        Assert.Contains("2 vectors of 256 numbers", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spec_with_the_test_kit_refers_to_the_fake_model_alone_and_passes()
    {
        Write("EmbeddingSpec.cs", "src/Testing/README.md", block: 1);
        WriteProject("src/Testing/Testing.csproj", "Library", "Akka.TestKit.Xunit2", "Microsoft.NET.Test.Sdk", "xunit", "xunit.runner.visualstudio");

        var output = await RunAsync("test");

        Assert.Contains("Passed:     1", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string file, string document, int block) =>
        File.WriteAllText(Path.Combine(_folder.FullName, file), Repository.BlocksIn(document, "csharp").ElementAt(block).Code);

    private void WriteProject(string reference, string outputType, params string[] packages)
    {
        var versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(version => version.Attribute("Include")!.Value, version => version.Attribute("Version")!.Value);
        new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("OutputType", outputType),
                new XElement("TargetFramework", "net10.0"),
                new XElement("Nullable", "enable"),
                new XElement("ImplicitUsings", "enable"),
                // A package that is older than what the libraries were compiled against is a warning at best.
                new XElement("TreatWarningsAsErrors", "true")),
            new XElement(
                "ItemGroup",
                new XElement("ProjectReference", new XAttribute("Include", Path.Combine(Repository.Directory, reference))),
                packages.Select(package => new XElement(
                    "PackageReference", new XAttribute("Include", package), new XAttribute("Version", versions[package])))))
            .Save(Path.Combine(_folder.FullName, "Stranger.csproj"));
    }

    /// <summary>Everything is built beside the project, so that what lies in the repository is left alone.</summary>
    private async Task<string> RunAsync(string verb)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [verb, "--artifacts-path", Path.Combine(_folder.FullName, "artifacts"), "-p:RunAnalyzers=false"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
