using System.Text.Json;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Tests.Tokenization;

/// <summary>Small tokenizers of every family, each with texts and the ids that the Rust tokenizers library gives them.</summary>
internal static class ReferenceTokenizers
{
    /// <summary>No limit that a text reaches.</summary>
    public const int NoMaximum = 1 << 20;

    /// <summary>Their names, and the tokens of a text that their models take.</summary>
    public static TheoryData<string, int> All { get; } = new()
    {
        { "bert-dense-tiny", 256 },
        { "bert-f32-tiny", 128 },
        { "distilbert-dense-tiny", 128 },
        { "gemma3-tiny", 256 },
        { "gte-new-tiny", 256 },
        { "model2vec-tiny", NoMaximum },
        { "modernbert-tiny", 256 },
        { "mpnet-tiny", 192 },
        { "nomic-tiny", 256 },
        { "qwen3-tiny", 300 },
        { "roberta-prefix-tiny", 128 },
        { "st6_layout", 100 },
        { "static-tiny", NoMaximum },
    };

    // Where there is a whole model, its tokenizer is the one; the others have nothing else.
    private static readonly string[] Homes = ["tokenizers", "families", "pooling", "static"];

    public static string DirectoryOf(string name) =>
        Homes.Select(home => Path.Combine(AppContext.BaseDirectory, "data", home, name)).First(directory => File.Exists(Path.Combine(directory, "tokenizer.json")));

    public static IModelTokenizer Load(string name, int maxTokens = NoMaximum) => TokenizerLoader.Load(DirectoryOf(name), maxTokens);

    public static IEnumerable<(string Text, int[] Ids)> TextsOf(string name) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", name, "texts.jsonl")).Select(line =>
    {
        using var row = JsonDocument.Parse(line);
        return (row.RootElement.GetProperty("text").GetString()!, row.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray());
    });
}
