using System.Reflection;
using System.Text.RegularExpressions;

namespace ActorEmbed.Documents.Tests;

/// <summary>The documents of the repository, as they lie there.</summary>
internal static partial class Repository
{
    private static readonly string[] Built = ["bin", "obj", "node_modules", "artifacts", "dist", "build-test", ".git"];

    public static string Directory { get; } = Path.GetFullPath(typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryDirectory").Value!);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Directory, path)).ReplaceLineEndings("\n");

    /// <summary>A document without its blocks of code.</summary>
    public static string TextOf(string document) => Block().Replace(Read(document), "");

    /// <summary>Paths from the root, with slashes.</summary>
    public static IEnumerable<string> Documents() => Below(new DirectoryInfo(Directory))
        .Select(path => Path.GetRelativePath(Directory, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>The blocks of code in a language, without the indentation that a list gives them.</summary>
    public static IEnumerable<CodeBlock> BlocksIn(string document, params string[] languages) =>
        from Match match in Block().Matches(Read(document))
        where languages.Contains(match.Groups["language"].Value)
        let indentation = match.Groups["indentation"].Length
        select new CodeBlock(document, string.Join('\n', match.Groups["code"].Value.Split('\n').Select(line => line[Math.Min(indentation, line.Length)..])).TrimEnd());

    public static IEnumerable<CodeBlock> Blocks(params string[] languages) => Documents().SelectMany(document => BlocksIn(document, languages));

    private static IEnumerable<string> Below(DirectoryInfo directory) => directory.EnumerateFiles("*.md").Select(file => file.FullName)
        .Concat(directory.EnumerateDirectories().Where(inner => !Built.Contains(inner.Name) && inner.LinkTarget is null).SelectMany(Below));

    [GeneratedRegex("^(?<indentation> *)```(?<language>[a-z]+)\n(?<code>.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
