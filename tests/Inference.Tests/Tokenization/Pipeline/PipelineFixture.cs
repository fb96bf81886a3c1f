using System.Text.Json.Nodes;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization.Pipeline;

/// <summary>A directory with a tokenizer.json whose vocabulary is a few words, to be changed component by component.</summary>
internal sealed class PipelineFixture : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-test-");

    public PipelineFixture(params string[] words)
    {
        var vocabulary = new JsonObject { ["[UNK]"] = 0, ["[CLS]"] = 1, ["[SEP]"] = 2 };
        foreach (var word in words)
            vocabulary.Add(word, vocabulary.Count);
        Json["model"] = new JsonObject { ["type"] = "WordLevel", ["unk_token"] = "[UNK]", ["vocab"] = vocabulary };
    }

    /// <summary>What the file will say.</summary>
    public JsonObject Json { get; } = JsonNode.Parse(
        """{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null}""")!.AsObject();

    public PipelineFixture With(string component, string json)
    {
        Json[component] = JsonNode.Parse(json);
        return this;
    }

    public PipelineFixture WithFile(string name, string text)
    {
        File.WriteAllText(Path.Combine(_directory.FullName, name), text);
        return this;
    }

    public IModelTokenizer Load(int maxTokens = 128)
    {
        WithFile("tokenizer.json", Json.ToJsonString());
        return TokenizerLoader.Load(_directory.FullName, maxTokens);
    }

    /// <summary>The pieces of a text, each with the part of the text that it stands for.</summary>
    public static string[] Pieces(IModelTokenizer tokenizer, string text)
    {
        var tokens = tokenizer.TokenizeWhole(text);
        return [.. tokens.Ids.Select((id, i) => $"{tokenizer.PieceOf(id).Text}={text[tokens.Starts[i]..tokens.Ends[i]]}")];
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
