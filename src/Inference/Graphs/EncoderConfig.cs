using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Graphs;

/// <summary>A model's <c>config.json</c>; every complaint names the file and the field.</summary>
internal sealed class EncoderConfig
{
    // The two special tokens around a text, and one of its own.
    private const int MinTokens = 3;

    private readonly string _path;
    private readonly JsonElement _root;

    private EncoderConfig(string path, JsonElement root)
    {
        _path = path;
        _root = root;
    }

    /// <summary>Which architecture the model has; empty where the file does not say.</summary>
    public string ModelType => Text("model_type", "");

    /// <summary>Rows of the token table, or null where the file does not say.</summary>
    /// <exception cref="ModelLoadException">The field is no whole number of at least 1.</exception>
    public int? Vocabulary => Whole("vocab_size", least: 1);

    /// <param name="path">Path of <c>config.json</c>.</param>
    /// <exception cref="ModelLoadException">The file is missing, unreadable or no JSON object.</exception>
    public static EncoderConfig Read(string path) => new(path, JsonFile.Read(path).Root);

    /// <param name="name">How messages name the file.</param>
    /// <param name="root">Its JSON object.</param>
    public static EncoderConfig Of(string name, JsonElement root) => new(name, root);

    /// <summary>A field's text, or another where it is absent or no text.</summary>
    public string Text(string field, string otherwise) =>
        Find(field, JsonValueKind.String)?.GetString() ?? otherwise;

    /// <summary>Whether a field is there and true.</summary>
    public bool Flag(string field) => Find(field, JsonValueKind.True) is not null;

    /// <summary>A field's number, or null where it is absent or null.</summary>
    /// <exception cref="ModelLoadException">The field is another value, or too large for a number.</exception>
    public float? Number(string field)
    {
        if (!_root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : throw new ModelLoadException($"{_path}: field '{field}' must be a number, but is {Shortened(value.GetRawText())}.");
    }

    /// <summary>Whether a field is there and something else than null or false.</summary>
    public bool IsSet(string field) =>
        _root.TryGetProperty(field, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);

    /// <summary>A field's object, or null where it is absent or no object.</summary>
    public EncoderConfig? Section(string field) =>
        Find(field, JsonValueKind.Object) is { } section ? new EncoderConfig($"{_path}: {field}", section) : null;

    /// <summary>A field's list of texts, or null where it is absent or no list; what is no text in it is empty.</summary>
    public IReadOnlyList<string>? Texts(string field) => Find(field, JsonValueKind.Array) is { } list
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "")]
        : null;

    /// <summary>The first of these fields that is not there, or null.</summary>
    public string? FirstMissing(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (!_root.TryGetProperty(field, out _))
                return $"{_path} has no field '{field}'";
        }

        return null;
    }

    /// <summary>A whole number of at least 1.</summary>
    /// <exception cref="ModelLoadException">The field is absent or another value.</exception>
    public int Count(string field) => Whole(field, least: 1)
        ?? throw new ModelLoadException($"{_path}: field '{field}' is missing.");

    /// <summary>A whole number of at least 1, or another where the field is absent or null.</summary>
    /// <exception cref="ModelLoadException">The field is another value.</exception>
    public int Count(string field, int otherwise) => Whole(field, least: 1) ?? otherwise;

    /// <summary>A token id, or another where the field is absent or null.</summary>
    /// <exception cref="ModelLoadException">The field is no whole number of at least 0.</exception>
    public int Id(string field, int otherwise) => Whole(field, least: 0) ?? otherwise;

    /// <summary>The shape, if a text can be computed with it and its heads divide its vectors.</summary>
    /// <exception cref="ModelLoadException">The fields do not fit together.</exception>
    public EncoderArchitecture Checked(EncoderArchitecture architecture) => architecture.Hidden % architecture.Heads == 0
        ? CheckedPositions(architecture)
        : throw new ModelLoadException($"{_path}: {architecture.Heads} heads do not divide {architecture.Hidden} dimensions.");

    /// <summary>The same for an encoder whose heads have a size of their own.</summary>
    /// <exception cref="ModelLoadException">The fields do not fit together.</exception>
    public EncoderArchitecture Checked(EncoderArchitecture architecture, int keyValueHeads, int headSize)
    {
        if (architecture.Heads % keyValueHeads != 0)
            throw new ModelLoadException($"{_path}: {keyValueHeads} heads of keys and values do not divide {architecture.Heads} heads of queries.");
        if (headSize % 2 != 0)
            throw new ModelLoadException($"{_path}: a head of {headSize} components cannot be turned by halves.");
        return CheckedPositions(architecture);
    }

    private EncoderArchitecture CheckedPositions(EncoderArchitecture architecture) => architecture.MaxTokens >= MinTokens
        ? architecture
        : throw new ModelLoadException(
            $"{_path}: field 'max_position_embeddings' leaves room for {architecture.MaxTokens} tokens; a text needs at least {MinTokens}.");

    private int? Whole(string field, int least)
    {
        if (!_root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least
            ? number
            : throw new ModelLoadException(
                $"{_path}: field '{field}' must be a whole number of at least {least}, but is {Shortened(value.GetRawText())}.");
    }

    // Enough of a wrong value to recognise it.
    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private JsonElement? Find(string field, JsonValueKind kind) =>
        _root.TryGetProperty(field, out var value) && value.ValueKind == kind ? value : null;
}
