using System.Text.RegularExpressions;
using Xunit;

namespace ActorEmbed.Documents.Tests;

public sealed class CSharpTests
{
    /// <summary>
    /// What a reader copies compiles, its using lines included: it is what a file of Snippets has above its namespace, and
    /// between <c>#region shown</c> and <c>#endregion</c>.
    /// </summary>
    [Fact]
    public void Every_block_of_csharp_is_taken_from_a_file_that_is_compiled()
    {
        var compiled = Directory.EnumerateFiles(Path.Combine(Repository.Directory, "tests", "Documents.Tests", "Snippets"), "*.cs")
            .ToDictionary(file => Shown(File.ReadAllText(file).ReplaceLineEndings("\n")), Path.GetFileName);
        var shown = Repository.Blocks("csharp", "cs").ToList();

        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.True(
            compiled.ContainsKey(block.Code), $"{block.Document} shows what no file of Snippets has:\n{block.Code}"));
        Assert.Equal([], compiled.Where(file => shown.All(block => block.Code != file.Key)).Select(file => file.Value));
    }

    private static string Shown(string file)
    {
        var usings = string.Join('\n', file.Split('\n').TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal))).Trim();
        var region = Regex.Match(file, "^ *#region shown\n(.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value.Split('\n');
        var indentation = region.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return $"{usings}\n\n{string.Join('\n', region.Select(line => line[Math.Min(indentation, line.Length)..])).Trim()}";
    }
}
