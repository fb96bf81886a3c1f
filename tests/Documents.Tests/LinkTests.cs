using System.Text.RegularExpressions;
using Xunit;

namespace ActorEmbed.Documents.Tests;

public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_within_the_repository_leads_somewhere()
    {
        var links =
            from document in Repository.Documents()
            from Match match in Link().Matches(Repository.TextOf(document))
            let target = match.Groups["target"].Value
            where !target.Contains(':', StringComparison.Ordinal)
            select (Document: document, Target: target);

        Assert.All(links, link =>
        {
            var parts = link.Target.Split('#');
            var path = parts[0].Length == 0 ? link.Document : Path.Combine(Path.GetDirectoryName(link.Document)!, parts[0]);
            Assert.True(Path.Exists(Path.Combine(Repository.Directory, path)), $"{link.Document}: {link.Target} does not exist.");
            if (parts.Length > 1)
                Assert.True(Anchors(path).Contains(parts[1]), $"{link.Document}: {link.Target} is no heading.");
        });
    }

    [Fact]
    public void Every_document_can_be_found_in_the_index()
    {
        var index = Repository.Read("docs/README.md");
        var documents = Repository.Documents().Where(path => Path.GetDirectoryName(path) == "docs" && Path.GetFileName(path) != "README.md");

        Assert.All(documents, path => Assert.Contains($"]({Path.GetFileName(path)})", index, StringComparison.Ordinal));
        Assert.Contains("(docs/README.md)", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Anchors(string document) =>
        Heading().Matches(Repository.Read(document)).Select(match =>
            NoWord().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoWord();
}
