using System.Diagnostics;
using System.Reflection;

namespace ActorEmbed.Client.Tests.Examples;

/// <summary>The examples as a reader would run them, against the real server.</summary>
public sealed class ExampleTests
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Semantic_search_finds_the_paragraph_that_fits_the_question_on_the_command_line()
    {
        var (exitCode, output, progress) = await RunAsync("semantic-search", "", Path.Combine(Path.GetDirectoryName(AssemblyOf("semantic-search"))!, "texts"), "Wann öffnet", "die Bibliothek?");

        Assert.True(exitCode == 0, progress);
        var matches = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, matches.Length);
        Assert.Contains("library.txt: The library opens at nine", matches[0], StringComparison.Ordinal);
        Assert.Contains($"[{new string('#', 40)}] 10/10", progress, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Semantic_search_answers_each_line_it_is_given()
    {
        using var folder = new TemporaryFolder();
        folder.Write("deep/er/a.txt", "The train leaves every hour.\n\nBread is baked\nin an oven.");
        folder.Write("b.md", "Snow closes the road in winter.");
        folder.Write("c.json", "{\"the train\":\"is not indexed\"}");

        var (exitCode, output, error) = await RunAsync("semantic-search", "baking bread\nrailway\n", folder.Root);

        Assert.True(exitCode == 0, error);
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, answers.Length);
        Assert.EndsWith("Bread is baked in an oven.", answers[0], StringComparison.Ordinal);
        Assert.EndsWith("The train leaves every hour.", answers[3], StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Semantic_search_says_when_there_is_nothing_to_search()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, _, error) = await RunAsync("semantic-search", "", folder.Root);

        Assert.Equal(1, exitCode);
        Assert.Contains(folder.Root, error, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_host_embeds_twice_and_stops_its_server()
    {
        var (exitCode, output, error) = await RunAsync("dotnet-host", "");

        Assert.True(exitCode == 0, error);
        Assert.Matches(@"^actorembed-starter-multilingual-256 on http://127\.0\.0\.1:\d+/: 2 vectors of 256 numbers\s*$", output);
    }

    private static string AssemblyOf(string example) => Path.Combine(Metadata("ExamplesDirectory"), example, Metadata("OutputDirectory"), $"{example}.dll");

    private static string Metadata(string key) => typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string example, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [AssemblyOf(example), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The server that lies beside the example, whatever else the machine has.
        start.Environment.Remove("ACTOREMBED_EXECUTABLE");
        // A proxy for the internet must not come between a program and its own sidecar.
        start.Environment["http_proxy"] = "http://127.0.0.1:9";
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
        return (process.ExitCode, await output, await error);
    }
}
