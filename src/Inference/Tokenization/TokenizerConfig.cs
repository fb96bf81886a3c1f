using System.Text.Json;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Tokenization.WordPiece;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>What tokenizer_config.json says, as far as it is used; BERT's defaults where it says nothing.</summary>
internal sealed record TokenizerConfig
{
    private const string FastSuffix = "Fast";

    /// <summary><c>tokenizer_class</c>, without the suffix of the Rust-backed class.</summary>
    public string? ClassName { get; private init; }

    /// <summary>Settings that only WordPiece tokenizers have.</summary>
    public BertNormalizerOptions BertOptions { get; private init; } = new();

    /// <summary>Special tokens of a WordPiece tokenizer.</summary>
    public BertSpecialTokens SpecialTokens { get; private init; } = new();

    /// <param name="path">The file; it may be missing.</param>
    /// <exception cref="ModelLoadException">The file is no JSON object.</exception>
    public static TokenizerConfig Read(string path)
    {
        if (!File.Exists(path))
            return new TokenizerConfig();

        try
        {
            using var document = JsonDocument.Parse(ModelFile.ReadAllBytes(path));
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The file {path} cannot be used: {e.Message}", e);
        }
    }

    private static TokenizerConfig Read(JsonElement config)
    {
        var className = Value(config, "tokenizer_class")?.GetString();
        if (className?.EndsWith(FastSuffix, StringComparison.Ordinal) == true)
            className = className[..^FastSuffix.Length];

        var lowercases = Value(config, "do_lower_case")?.GetBoolean() ?? true;
        var defaults = new BertSpecialTokens();
        var mask = Value(config, "mask_token");
        return new TokenizerConfig
        {
            ClassName = className,
            BertOptions = new BertNormalizerOptions(
                lowercases,
                Value(config, "strip_accents")?.GetBoolean() ?? lowercases,
                Value(config, "tokenize_chinese_chars")?.GetBoolean() ?? true),
            SpecialTokens = new BertSpecialTokens
            {
                Start = Token(Value(config, "cls_token")) ?? defaults.Start,
                End = Token(Value(config, "sep_token")) ?? defaults.End,
                Padding = Token(Value(config, "pad_token")) ?? defaults.Padding,
                Unknown = Token(Value(config, "unk_token")) ?? defaults.Unknown,
                Mask = Token(mask) ?? defaults.Mask,
                StrippingLeft = StripsLeft(mask) ? Token(mask) : null,
            },
        };
    }

    private static JsonElement? Value(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    // A token is written as its text, or as an object with its text and how it is matched.
    private static string? Token(JsonElement? token) => token is { ValueKind: JsonValueKind.Object } added
        ? Value(added, "content")?.GetString()
        : token?.GetString();

    private static bool StripsLeft(JsonElement? token) => token is { ValueKind: JsonValueKind.Object } added
        && Value(added, "lstrip")?.GetBoolean() == true;
}
