using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace ActorEmbed.Documents.Tests;

/// <summary>What can be checked of a command line without running it.</summary>
public sealed partial class ShellTests
{
    private static readonly string[] Commands = ["serve", "pull", "embed", "compare", "models", "doctor"];

    [Fact]
    public void Every_project_and_script_that_a_command_names_exists()
    {
        var paths =
            from block in Repository.Blocks("sh")
            // A script that a document has the reader write himself stands in no folder of the repository.
            from Match match in PathInCommand().Matches(block.Code)
            select (block.Document, Path: match.Groups["path"].Value);

        Assert.NotEmpty(paths);
        Assert.All(paths, command => Assert.True(
            Path.Exists(Path.Combine(Repository.Directory, command.Path)), $"{command.Document} names {command.Path}, which does not exist."));
    }

    [Fact]
    public async Task Every_option_of_the_server_that_a_command_names_is_one()
    {
        var help = new Dictionary<string, string>();
        foreach (var command in Commands)
            help[command] = await HelpOfAsync(command);
        var calls =
            from block in Repository.Blocks("sh")
            from line in block.Code.Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            from Match match in ServerCall().Matches(Comment().Replace(line, ""))
            let arguments = match.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let command = Commands.FirstOrDefault(known => arguments.FirstOrDefault() == known) ?? "serve"
            from option in arguments.Where(argument => argument.StartsWith('-') && argument.Length > 1)
            select (block.Document, Command: command, Option: option.Split('=')[0]);

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.True(
            Regex.IsMatch(help[call.Command], $@"(^|[\s,]){Regex.Escape(call.Option)}\b", RegexOptions.Multiline), $"{call.Document}: {call.Command} has no {call.Option}."));
    }

    private static async Task<string> HelpOfAsync(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "actorembed.dll"), command, "--help"])
        {
            RedirectStandardOutput = true,
        })!;
        var help = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return help;
    }

    [GeneratedRegex(@"(?:--project |dotnet (?:build|test|pack|publish) |^node |^bash |^|cd )(?<path>(?:src|tests|bench|examples|scripts|clients|\.ci)/[\w./-]+)", RegexOptions.Multiline)]
    private static partial Regex PathInCommand();

    [GeneratedRegex(@"(?:^|[|;&(] *)(?:\w+=\S+ )*(?:actorembed|dotnet run --project src/Api(?: -c Release)? --)(?<arguments>( +[^|;&)]+)?)", RegexOptions.Multiline)]
    private static partial Regex ServerCall();

    [GeneratedRegex(@"\s#.*$")]
    private static partial Regex Comment();
}
