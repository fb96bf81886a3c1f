using System.Text.Encodings.Web;
using System.Text.Json;
using ActorEmbed.Bench.StandIn;

namespace ActorEmbed.Bench.Peers;

/// <summary>The stand-in's tokenizer as the Rust tokenizers library and transformers.js read it, laid out as XLM-RoBERTa's.</summary>
internal static class TokenizerJson
{
    private const string WordStart = "\u2581";

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string sentencePieceModel, string path)
    {
        var mask = StandInShape.Vocabulary - 1;
        var vocabulary = StandInPieces.Special.Select(text => (text, 0f))
            .Concat(StandInPieces.Read(sentencePieceModel))
            .Append((StandInPieces.Mask, 0f))
            .Select(piece => new object[] { piece.Item1, piece.Item2 });
        var content = new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = StandInPieces.Special.Index().Append((Index: mask, Item: StandInPieces.Mask)).Select(token => new
            {
                id = token.Index,
                content = token.Item,
                single_word = false,
                lstrip = token.Index == mask,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            // The stand-in's SentencePiece model has no character map.
            normalizer = (object?)null,
            pre_tokenizer = new
            {
                type = "Sequence",
                pretokenizers = new object[]
                {
                    new { type = "WhitespaceSplit" },
                    new { type = "Metaspace", replacement = WordStart, add_prefix_space = true },
                },
            },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new object[] { Special("<s>"), Text("A"), Special("</s>") },
                pair = new object[] { Special("<s>"), Text("A"), Special("</s>"), Special("</s>"), Text("B"), Special("</s>") },
                special_tokens = new Dictionary<string, object> { ["<s>"] = Ids("<s>", 0), ["</s>"] = Ids("</s>", 2) },
            },
            decoder = new { type = "Metaspace", replacement = WordStart, add_prefix_space = true },
            model = new { type = "Unigram", unk_id = 3, vocab = vocabulary },
        };
        using var file = File.Create(path);
        JsonSerializer.Serialize(file, content, Format);
    }

    private static object Special(string token) => new { SpecialToken = new { id = token, type_id = 0 } };

    private static object Text(string which) => new { Sequence = new { id = which, type_id = 0 } };

    private static object Ids(string token, int id) => new { id = token, ids = new[] { id }, tokens = new[] { token } };
}
