using System.Text.Json.Nodes;
using ActorEmbed.Inference.Tokenization;
using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Json;

namespace ActorEmbed.Inference.Tests.Tokenization.Oracle;

/// <summary>The same ids as the Rust tokenizers library, for every family and for each component in many shapes.</summary>
public sealed class OracleTests : IDisposable
{
    private const int Texts = 400;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorembed-test-");

    public static TheoryData<string> Tokenizers { get; } = new(TokenizerVariants.All.Keys.Order());

    public void Dispose() => _directory.Delete(recursive: true);

    [OracleTheory]
    [MemberData(nameof(Tokenizers))]
    public void Odd_texts_get_the_ids_of_the_Rust_library(string name)
    {
        var json = TokenizerVariants.All[name]();
        (json["truncation"], json["padding"]) = (null, null);
        var path = Path.Combine(_directory.FullName, "tokenizer.json");
        File.WriteAllText(path, json.ToJsonString());
        var ours = new PipelineTokenizer(TokenizerJson.Read(path, TokenizerConfig.Read(_directory.FullName), lowercases: false), ReferenceTokenizers.NoMaximum);
        var rust = new global::Tokenizers.DotNet.Tokenizer(path);
        var texts = new OddTexts(PiecesOf(json), [.. json["added_tokens"]!.AsArray().Select(token => token!["content"]!.GetValue<string>())], seed: 7);

        for (var i = 0; i < Texts; i++)
        {
            var text = texts.Next();
            var expected = Array.ConvertAll(rust.Encode(text), id => (int)id);

            // The text is the message: it is random, and no one's.
            Assert.Equal((text, string.Join(' ', expected)), (text, string.Join(' ', ours.Tokenize(text).Ids)));
            Assert.Equal(expected, ours.TokenizeWhole(text, CancellationToken.None).Ids);
        }
    }

    private static string[] PiecesOf(JsonObject json) => json["model"]!["vocab"] switch
    {
        JsonArray list => [.. list.Select(entry => entry![0]!.GetValue<string>())],
        var map => [.. map!.AsObject().Select(entry => entry.Key)],
    };
}
