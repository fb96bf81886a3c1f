using System.Text.RegularExpressions;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Tests;

/// <summary>What docs/architecture.md and the decisions name is there: whoever follows them finds a door, not a wall.</summary>
public sealed partial class ArchitectureDocumentTests
{
    private static readonly string Root = FindRoot();

    private static readonly string Architecture = File.ReadAllText(Path.Combine(Root, "docs", "architecture.md"));

    private static readonly Type[] Types =
        [.. new[] { typeof(ServerOptions), typeof(SchedulingOptions), typeof(ModelInfo), typeof(ArchitectureDocumentTests) }.SelectMany(type => type.Assembly.GetTypes())];

    [Fact]
    public void Every_class_that_the_document_names_exists()
    {
        var drawing = Architecture.Split("```")[1];
        var named = TypeName().Matches(drawing).Concat(QuotedName().Matches(Architecture)).Select(match => match.Groups["type"].Value + match.Groups["member"].Value);

        Assert.NotEmpty(named);
        Assert.All(named.Distinct(), name => Assert.True(Exists(name.Split('.')), $"{name} is no class, or no member of one."));
    }

    [Fact]
    public void Every_file_and_folder_that_the_document_names_exists()
    {
        var named = QuotedPath().Matches(Architecture).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.True(Path.Exists(Path.Combine(Root, path)), $"{path} does not exist."));
    }

    [Fact]
    public void Every_decision_stands_in_the_table_and_under_a_heading_of_one_form()
    {
        var folder = Path.Combine(Root, "docs", "decisions");
        var table = File.ReadAllText(Path.Combine(folder, "README.md"));
        var records = Directory.GetFiles(folder, "*.md").Where(path => Path.GetFileName(path) != "README.md").Order(StringComparer.Ordinal).ToArray();

        var rows = TableRow().Matches(table).Select(match => (Title: match.Groups["title"].Value, File: match.Groups["file"].Value));

        Assert.Equal(
            records.Select(path => (File.ReadLines(path).First(), Path.GetFileName(path))),
            rows.Select(row => ($"# {row.File[..3]}: {row.Title}", row.File)));
        Assert.All(records, path => Assert.Contains("## Decision", File.ReadLines(path)));
        Assert.Distinct(records.Select(path => Path.GetFileName(path)[..3]));
    }

    /// <summary>A class; or a class and its member; or a setting of the queue.</summary>
    private static bool Exists(string[] name) => name.Length == 1
        ? Types.Any(type => NameOf(type) == name[0]) || typeof(SchedulingOptions).GetProperty(name[0]) is not null
        : Types.Where(type => NameOf(type) == name[0]).Any(type => type.GetMember(name[1]).Length > 0);

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Directory.Packages.props")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run within the repository.");
    }

    [GeneratedRegex(@"\b(?<type>I?[A-Z][a-z]+(?:[A-Z][a-z]+)+)\b")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"`(?<type>[A-Z][A-Za-z]*[a-z])(?<member>\.[A-Z][A-Za-z]+)?`")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@"`((?:src|tests|docs|hocon|bench|models)/[^`]*)`")]
    private static partial Regex QuotedPath();

    [GeneratedRegex(@"^\| \d{3} \| \[(?<title>[^\]]+)\]\((?<file>[^)]+)\) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
