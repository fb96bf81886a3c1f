using System.Text.Json.Nodes;

namespace ActorEmbed.Inference.Tests.Tokenization.Oracle;

/// <summary>Tokenizers of every family as they are, and with one component exchanged.</summary>
internal static class TokenizerVariants
{
    public static IReadOnlyDictionary<string, Func<JsonObject>> All { get; } = Families()
        .Concat(Normalizers())
        .Concat(PreTokenizers())
        .Concat(Models())
        .Concat(Added())
        .ToDictionary(variant => variant.Item1, variant => variant.Item2);

    private static IEnumerable<(string, Func<JsonObject>)> Families() =>
        ReferenceTokenizers.All.Select(row => (string)row[0]).Select(name => (name, (Func<JsonObject>)(() => Read(name))));

    private static IEnumerable<(string, Func<JsonObject>)> Normalizers() => new Dictionary<string, string>
    {
        ["NFC"] = """{"type":"NFC"}""",
        ["NFD"] = """{"type":"NFD"}""",
        ["NFKC"] = """{"type":"NFKC"}""",
        ["NFKD"] = """{"type":"NFKD"}""",
        ["Lowercase"] = """{"type":"Lowercase"}""",
        ["StripAccents"] = """{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"}]}""",
        ["Strip"] = """{"type":"Strip","strip_left":true,"strip_right":false}""",
        ["Nmt"] = """{"type":"Nmt"}""",
        ["Replace a regex"] = """{"type":"Replace","pattern":{"Regex":"[0-9]+(?=a)|^e|.$"},"content":"<x>"}""",
        ["Replace a text"] = """{"type":"Replace","pattern":{"String":".."},"content":""}""",
        ["Prepend"] = """{"type":"Prepend","prepend":"_"}""",
        ["Bert, all"] = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""",
        ["Bert, accents only"] = """{"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":false,"strip_accents":true,"lowercase":false}""",
        ["Bert, accents stay"] = """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":false,"lowercase":true}""",
    }.Select(entry => ($"normalizer {entry.Key}", (Func<JsonObject>)(() => Bytes(json => json["normalizer"] = JsonNode.Parse(entry.Value)))));

    private static IEnumerable<(string, Func<JsonObject>)> PreTokenizers() => new Dictionary<string, string>
    {
        ["Whitespace"] = """{"type":"Whitespace"}""",
        ["WhitespaceSplit"] = """{"type":"WhitespaceSplit"}""",
        ["Bert"] = """{"type":"BertPreTokenizer"}""",
        ["Punctuation, contiguous"] = """{"type":"Punctuation","behavior":"Contiguous"}""",
        ["Punctuation, with the previous"] = """{"type":"Punctuation","behavior":"MergedWithPrevious"}""",
        ["Punctuation, with the next"] = """{"type":"Punctuation","behavior":"MergedWithNext"}""",
        ["Punctuation, removed"] = """{"type":"Punctuation","behavior":"Removed"}""",
        ["Digits, each"] = """{"type":"Digits","individual_digits":true}""",
        ["Digits"] = """{"type":"Digits","individual_digits":false}""",
        ["Split, what does not match"] = """{"type":"Split","pattern":{"Regex":"\\w+|[^\\w\\s]"},"behavior":"Contiguous","invert":true}""",
        ["Split at a text"] = """{"type":"Split","pattern":{"String":"a"},"behavior":"MergedWithNext","invert":false}""",
        ["Split, possessive"] = """{"type":"Split","pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"},"behavior":"Removed","invert":true}""",
        ["Split, as Llama"] = """{"type":"Split","pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},"behavior":"Isolated","invert":false}""",
        ["Split by case"] = """{"type":"Split","pattern":{"Regex":"[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s+"},"behavior":"Isolated","invert":false}""",
    }.Select(entry => ($"pre-tokenizer {entry.Key}", (Func<JsonObject>)(() => Bytes(json =>
    {
        // The mark in front of each piece shows where the pieces begin.
        json["pre_tokenizer"]!["pretokenizers"]!.AsArray().Insert(0, JsonNode.Parse(entry.Value));
        json["pre_tokenizer"]!["pretokenizers"]!.AsArray().Insert(1, JsonNode.Parse("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":false}"""));
    }))));

    private static IEnumerable<(string, Func<JsonObject>)> Models()
    {
        foreach (var scheme in new[] { "always", "first", "never" })
        {
            foreach (var splits in new[] { "true", "false" })
            {
                yield return ($"Metaspace {scheme}, split {splits}", () => Change("gte-new-tiny", json =>
                    json["pre_tokenizer"] = JsonNode.Parse($$"""{"type":"Metaspace","replacement":"▁","prepend_scheme":"{{scheme}}","split":{{splits}}}""")));
            }
        }

        yield return ("Unigram with bytes", () => Change("gte-new-tiny", json => AddBytes(json, 0, 256)));
        yield return ("Unigram with some bytes", () => Change("gte-new-tiny", json => AddBytes(json, 0x80, 0xD0)));
        foreach (var (name, fields) in new (string, string)[]
        {
            ("ignoring merges", """{"ignore_merges":true}"""),
            ("fusing unknown", """{"byte_fallback":false,"fuse_unk":true}"""),
            ("not fusing unknown", """{"byte_fallback":false,"fuse_unk":false}"""),
            ("without unknown", """{"byte_fallback":false,"unk_token":null}"""),
        })
        {
            yield return ($"BPE {name}", () => Change("gemma3-tiny", json => Set(json["model"]!, fields)));
        }

        yield return ("byte-level BPE ignoring merges", () => Change("roberta-prefix-tiny", json => Set(json["model"]!, """{"ignore_merges":true}""")));
        yield return ("byte-level BPE with a prefix space", () => Change("roberta-prefix-tiny", json => Set(json["pre_tokenizer"]!, """{"add_prefix_space":true}""")));
        yield return ("short words", () => Change("bert-dense-tiny", json => Set(json["model"]!, """{"max_input_chars_per_word":5}""")));
    }

    private static IEnumerable<(string, Func<JsonObject>)> Added()
    {
        foreach (var family in new[] { "bert-dense-tiny", "gte-new-tiny", "gemma3-tiny", "qwen3-tiny", "roberta-prefix-tiny" })
        {
            yield return ($"{family} with added tokens of every kind", () => Change(family, json =>
            {
                for (var flags = 0; flags < 32; flags++)
                    json["added_tokens"]!.AsArray().Add(AddedToken(flags));
            }));
        }
    }

    private static JsonObject AddedToken(int flags) => new()
    {
        ["id"] = 3000 + flags,
        ["content"] = (flags % 4) switch { 0 => $"[A{flags}]", 1 => $"zq{flags}", 2 => $"Éx{flags}", _ => $"ing{(char)('a' + (flags / 4))}" },
        ["single_word"] = (flags & 1) != 0,
        ["lstrip"] = (flags & 2) != 0,
        ["rstrip"] = (flags & 4) != 0,
        ["normalized"] = (flags & 8) != 0,
        ["special"] = (flags & 16) != 0,
    };

    /// <summary>A vocabulary of bytes only: its ids spell the text as it was normalised and divided.</summary>
    private static JsonObject Bytes(Action<JsonObject> change) => Change("roberta-prefix-tiny", json =>
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary.Add(Inference.Tokenization.Pipeline.ByteAlphabet.Of((byte)value).ToString(), value);
        json["model"]!["vocab"] = vocabulary;
        json["model"]!["merges"] = new JsonArray();
        json["added_tokens"] = new JsonArray();
        json["post_processor"] = null;
        json["pre_tokenizer"] = JsonNode.Parse("""{"type":"Sequence","pretokenizers":[{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]}""");
        change(json);
    });

    private static void AddBytes(JsonObject json, int first, int end)
    {
        json["model"]!["byte_fallback"] = true;
        for (var value = first; value < end; value++)
            json["model"]!["vocab"]!.AsArray().Add(new JsonArray($"<0x{value:X2}>", 0.0));
    }

    private static void Set(JsonNode target, string fields)
    {
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
            target[name] = value?.DeepClone();
    }

    private static JsonObject Change(string family, Action<JsonObject> change)
    {
        var json = Read(family);
        change(json);
        return json;
    }

    private static JsonObject Read(string family) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(ReferenceTokenizers.DirectoryOf(family), "tokenizer.json")))!.AsObject();
}
