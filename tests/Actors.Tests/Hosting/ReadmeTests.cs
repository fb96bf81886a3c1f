using System.Text.RegularExpressions;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Inference;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Actors.Tests.Hosting;

public sealed class ReadmeTests
{
    /// <summary>Documents, and the heading below which their C# is for hosts.</summary>
    public static TheoryData<string, string> Documents { get; } = new()
    {
        { "README.md", "## Inside a .NET host" },
        { "src/Actors/README.md", "# ActorEmbed.Actors" },
        { "src/Testing/README.md", "# ActorEmbed.Testing" },
        { "docs/cluster.md", "## In a host of your own" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_line_of_csharp_that_a_host_is_shown_is_compiled(string document, string heading)
    {
        var compiled = Lines(Read("ReadmeSnippets.cs")).ToHashSet();
        var text = Read(document);
        var shown = Regex.Matches(text[text.IndexOf(heading, StringComparison.Ordinal)..], "```csharp\n(.*?)```", RegexOptions.Singleline)
            .SelectMany(block => Lines(block.Groups[1].Value)).ToList();

        Assert.NotEmpty(shown);
        Assert.All(shown, line => Assert.Contains(line, compiled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_is_written_from_the_documents_works(bool hasAkka)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ActorEmbed:Model"] = "path/to/model",
            ["ActorEmbed:Inference:Threads"] = "4",
        }).Build();
        HostedApp? app = null;
        var tests = new ServiceCollection();
        await ReadmeSnippets.TestAsync(tests, async () =>
        {
            app = await HostedApp.StartAsync(services =>
            {
                if (hasAkka)
                    ReadmeSnippets.AddToAkka(services);
                else
                    ReadmeSnippets.AddAlone(services, configuration);
                foreach (var service in tests)
                    services.Add(service);
            });
            return app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        });
        await using var running = app!;

        Assert.IsType<TextsEmbedded>(await ReadmeSnippets.AskAsync(running.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>()));
        var tokenizer = running.Services.GetRequiredService<EmbeddingTokenizer>();
        Assert.Same(tokenizer, running.Services.GetRequiredService<Microsoft.ML.Tokenizers.Tokenizer>());
        var document = string.Concat(Enumerable.Repeat("some words of a long document. ", 100));
        var chunks = ReadmeSnippets.Chunks(tokenizer, document);
        Assert.Equal(document, string.Concat(chunks));
        Assert.Equal(5, chunks.Count); // 600 words, and the fake model takes 126
        Assert.All(chunks, chunk => Assert.InRange(tokenizer.CountTokens(chunk), 1, tokenizer.MaxTokensOfText));
        Assert.IsType<TextsEmbedded>(await ReadmeSnippets.AskForQueryAsync(running.Services.GetRequiredService<IRequiredActor<BatchRouterActor>>()));
        Assert.Single(await ReadmeSnippets.GenerateForQueryAsync(running.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()));
        Assert.Equal(2, (await ReadmeSnippets.GenerateAsync(running.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>())).Count);
    }

    private static string Read(string document) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "documents", document)).ReplaceLineEndings("\n");

    /// <summary>Without comments and what stands around the code.</summary>
    private static IEnumerable<string> Lines(string code) =>
        code.Split('\n').Select(line => Regex.Replace(line, @"(^|\s)//.*$", "").Trim()).Where(line => line.Length > 0);
}
