using System.Text.Json;

namespace ActorEmbed.Tests.RealModels;

/// <summary>The fast form of an uncased BERT's vocabulary, for libraries that read nothing else.</summary>
public static class BertTokenizerJson
{
    /// <summary>The <c>tokenizer.json</c> that the model's own repository has beside its vocabulary.</summary>
    public static string Write(IReadOnlyList<string> vocabulary)
    {
        var ids = vocabulary.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id);
        object Special(string token) => new { id = ids[token], content = token, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true };
        object Marker(string token) => new { SpecialToken = new { id = token, type_id = 0 } };
        return JsonSerializer.Serialize(new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Select(Special),
            normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase = true },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new[] { Marker("[CLS]"), new { Sequence = new { id = "A", type_id = 0 } }, Marker("[SEP]") },
                pair = new[] { Marker("[CLS]"), new { Sequence = new { id = "A", type_id = 0 } }, Marker("[SEP]"), new { Sequence = new { id = "B", type_id = 0 } }, Marker("[SEP]") },
                special_tokens = new[] { "[CLS]", "[SEP]" }.ToDictionary(token => token, token => new { id = token, ids = new[] { ids[token] }, tokens = new[] { token } }),
            },
            decoder = new { type = "WordPiece", prefix = "##", cleanup = true },
            model = new { type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", max_input_chars_per_word = 100, vocab = ids },
        });
    }
}
