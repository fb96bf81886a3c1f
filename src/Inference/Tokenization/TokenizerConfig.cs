using System.Globalization;
using System.Text.Json;
using ActorEmbed.Inference.Tokenization.Pipeline;
using ActorEmbed.Inference.Tokenization.Pipeline.Json;
using ActorEmbed.Inference.Tokenization.Pipeline.Normalizers;
using ActorEmbed.Inference.Tokenization.WordPiece;

namespace ActorEmbed.Inference.Tokenization;

/// <summary>What tokenizer_config.json and the small files beside it say, as far as it is used.</summary>
internal sealed record TokenizerConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "tokenizer_config.json";

    private const string SpecialTokensFile = "special_tokens_map.json";
    private const string AddedTokensFile = "added_tokens.json";
    private const string FastSuffix = "Fast";
    /// <summary>The files that are read here; a tokenizer can do without them.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [FileName, SpecialTokensFile, AddedTokensFile];

    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary><c>tokenizer_class</c>, without the suffix of the Rust-backed class.</summary>
    public string? ClassName { get; private init; }

    /// <summary>Settings that only WordPiece tokenizers have; BERT's defaults where the file says nothing.</summary>
    public BertNormalizerOptions BertOptions { get; private init; } = new();

    /// <summary>Special tokens of a WordPiece tokenizer; BERT's where the file says nothing.</summary>
    public BertSpecialTokens SpecialTokens { get; private init; } = new();

    /// <summary><c>added_tokens_decoder</c> and added_tokens.json, in the order of their ids.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; private init; } = [];

    /// <summary>All tokens with a role, and <c>additional_special_tokens</c>.</summary>
    public IReadOnlyList<AddedToken> NamedTokens { get; private init; } = [];

    /// <summary><c>pad_token</c>.</summary>
    public string? Padding { get; private init; }

    /// <summary><c>truncation_side</c>.</summary>
    public TruncationSide? Side { get; private init; }

    /// <summary>Whether the model is told the types of tokens: <c>model_input_names</c> does not leave them out.</summary>
    public bool HasTokenTypes { get; private init; } = true;

    /// <param name="directory">The directory of the file; it may be missing.</param>
    /// <exception cref="ModelLoadException">A file is no JSON object, or a field has a wrong value.</exception>
    public static TokenizerConfig Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        using var document = Open(path);
        using var specialTokens = Open(Path.Combine(directory, SpecialTokensFile));
        // Newer files say the same, and more.
        using var addedTokens = File.Exists(Path.Combine(directory, TokenizerJson.FileName)) ? null : Open(Path.Combine(directory, AddedTokensFile));
        var config = Part(path, document);
        var map = Part(Path.Combine(directory, SpecialTokensFile), specialTokens);
        var added = Part(Path.Combine(directory, AddedTokensFile), addedTokens);

        var lowercases = config.Flag("do_lower_case", absent: true);
        var defaults = new BertSpecialTokens();
        var mask = Token(config, "mask_token");
        return new TokenizerConfig
        {
            ClassName = PlainClass(config.TextOrNull("tokenizer_class")),
            BertOptions = new BertNormalizerOptions(
                lowercases,
                config.FlagOrNull("strip_accents") ?? lowercases,
                config.Flag("tokenize_chinese_chars", absent: true)),
            SpecialTokens = new BertSpecialTokens
            {
                Start = Token(config, "cls_token")?.Text ?? defaults.Start,
                End = Token(config, "sep_token")?.Text ?? defaults.End,
                Padding = Token(config, "pad_token")?.Text ?? defaults.Padding,
                Unknown = Token(config, "unk_token")?.Text ?? defaults.Unknown,
                Mask = mask?.Text ?? defaults.Mask,
                StrippingLeft = mask?.StripsLeft == true ? mask.Text : null,
            },
            AddedTokens = config.Child("added_tokens_decoder") is { } decoder ? [.. Decoder(decoder)] : [.. Plain(added)],
            NamedTokens = [.. Roles.Select(role => Token(config, role) ?? Token(map, role)).OfType<AddedToken>(), .. Additional(config), .. Additional(map)],
            Padding = (Token(config, "pad_token") ?? Token(map, "pad_token"))?.Text,
            HasTokenTypes = config.Child("model_input_names") is not { Element.ValueKind: JsonValueKind.Array }
                || config.Items("model_input_names").Any(name => name.AsText() == "token_type_ids"),
            Side = config.TextOrNull("truncation_side") switch
            {
                null => null,
                "right" => TruncationSide.Right,
                "left" => TruncationSide.Left,
                var other => throw config.Invalid($"'truncation_side' {other} is not supported"),
            },
        };
    }

    /// <summary>A tokenizer's Python class, without the suffix of the one that the Rust library backs.</summary>
    public static string? PlainClass(string? className) =>
        className?.EndsWith(FastSuffix, StringComparison.Ordinal) == true ? className[..^FastSuffix.Length] : className;

    private static IEnumerable<AddedToken> Decoder(JsonPart decoder) => decoder.Element.EnumerateObject()
        .Select(entry => (Id: Id(decoder, entry.Name), Token: AddedTokenReader.Read(new JsonPart($"{decoder.Path}.{entry.Name}", entry.Value))))
        .OrderBy(entry => entry.Id).Select(entry => entry.Token);

    private static IEnumerable<AddedToken> Plain(JsonPart added) => added.Element.EnumerateObject()
        .OrderBy(entry => entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out var id) ? id : throw added.Invalid($"the id of '{entry.Name}' is no whole number"))
        .Select(entry => new AddedToken(entry.Name) { IsNormalized = true });

    private static IEnumerable<AddedToken> Additional(JsonPart part) => part.Child("additional_special_tokens") is { Element.ValueKind: JsonValueKind.Array }
        ? part.Items("additional_special_tokens").Select(Token)
        : [];

    private static AddedToken? Token(JsonPart config, string role) => config.Child(role) is { } token ? Token(token) : null;

    // A token is written as its text, or as an object with its text and how it is matched.
    private static AddedToken Token(JsonPart token) => token.Element.ValueKind == JsonValueKind.Object
        ? AddedTokenReader.Read(token) with { IsSpecial = true }
        : new AddedToken(token.AsText()) { IsSpecial = true };

    private static int Id(JsonPart decoder, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw decoder.Invalid($"'{name}' is no id");

    private static JsonDocument? Open(string path) => File.Exists(path) ? JsonPart.Parse(path) : null;

    private static JsonPart Part(string path, JsonDocument? document) => new(path, (document ?? Empty).RootElement);

    private static readonly JsonDocument Empty = JsonDocument.Parse("{}");
}
