using System.Text.Json;

namespace ActorEmbed.Inference.Files;

/// <summary>One configuration file of a model; every complaint names the file and the field.</summary>
internal sealed class JsonFile
{
    private readonly JsonElement _root;

    private JsonFile(string name, JsonElement root)
    {
        Name = name;
        _root = root;
    }

    /// <summary>How messages name it.</summary>
    public string Name { get; }

    /// <summary>The JSON object or array itself.</summary>
    public JsonElement Root => _root;

    /// <exception cref="ModelLoadException">It is not JSON, or not of the kind.</exception>
    public static JsonFile Parse(string name, byte[] content, JsonValueKind expected = JsonValueKind.Object)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == expected
                ? new JsonFile(name, document.RootElement.Clone())
                : throw new ModelLoadException($"{name}: expected a JSON {expected.ToString().ToLowerInvariant()}.");
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"{name}: not valid JSON ({e.Message})", e);
        }
    }

    /// <exception cref="ModelLoadException">It cannot be read, is not JSON, or not of the kind.</exception>
    public static JsonFile? ReadIfPresent(string path, JsonValueKind expected = JsonValueKind.Object) =>
        File.Exists(path) ? Read(path, expected) : null;

    /// <exception cref="ModelLoadException">It is missing or cannot be read, is not JSON, or not of the kind.</exception>
    public static JsonFile Read(string path, JsonValueKind expected = JsonValueKind.Object)
    {
        try
        {
            return Parse(path, ModelFile.ReadAllBytes(path), expected);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{path}: cannot be read ({e.Message})", e);
        }
    }

    public IEnumerable<JsonFile> Items() => _root.EnumerateArray().Select((item, i) =>
        item.ValueKind == JsonValueKind.Object
            ? new JsonFile($"{Name}[{i}]", item)
            : throw new ModelLoadException($"{Name}[{i}]: expected a JSON object."));

    public IEnumerable<string> NamesOfTrueFields() =>
        _root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.True).Select(p => p.Name);

    public string? Text(string field) => Find(field, JsonValueKind.String)?.GetString();

    /// <summary>A text, or the texts of a list; null where the field is absent or null.</summary>
    public IReadOnlyList<string>? TextOrTexts(string field)
    {
        if (!_root.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.Array)
            return Text(field) is { } only ? [only] : null;
        return
        [
            .. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new ModelLoadException($"{Name}: field '{field}' must hold texts.")),
        ];
    }

    /// <summary>The fields of an object of strings; none where it is absent or null. Of a name that is there twice, the last counts.</summary>
    public IEnumerable<(string Name, string Text)> Texts(string field)
    {
        if (Find(field, JsonValueKind.Object) is not { } all)
            return [];
        return all.EnumerateObject().GroupBy(text => text.Name, StringComparer.Ordinal).Select(same => same.Last()).Select(text =>
            text.Value.ValueKind == JsonValueKind.String
                ? (text.Name, text.Value.GetString()!)
                : throw new ModelLoadException($"{Name}: field '{field}.{text.Name}' must be a string."));
    }

    /// <summary>A truth value, or null where the field is absent or null.</summary>
    public bool? Flag(string field) => !_root.TryGetProperty(field, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ModelLoadException($"{Name}: field '{field}' must be true or false."),
    };

    public string RequiredText(string field) =>
        Text(field) ?? throw new ModelLoadException($"{Name}: field '{field}' is missing.");

    /// <summary>A whole number above zero, or null where the field is absent or null.</summary>
    public int? Count(string field)
    {
        if (Find(field, JsonValueKind.Number) is not { } value)
            return null;
        // Some tokenizers state "no limit" as 1e30: larger than any limit that matters here.
        var number = value.GetDouble();
        return number >= 1
            ? (int)Math.Min(number, int.MaxValue)
            : throw new ModelLoadException($"{Name}: field '{field}' must be at least 1, but is {number}.");
    }

    /// <summary>A list of whole numbers above zero; empty where the field is absent or null.</summary>
    public IReadOnlyList<int> Counts(string field) => Find(field, JsonValueKind.Array) is { } list
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number >= 1
            ? number
            : throw new ModelLoadException($"{Name}: field '{field}' must hold whole numbers of at least 1."))]
        : [];

    /// <summary>An object that has to be there.</summary>
    public JsonFile RequiredObject(string field) => Object(field)
        ?? throw new ModelLoadException($"{Name}: field '{field}' is missing.");

    /// <summary>An object, or null where the field is absent or null.</summary>
    public JsonFile? Object(string field) => Find(field, JsonValueKind.Object) is { } value ? new JsonFile($"{Name}: {field}", value) : null;

    /// <summary>How many fields an object has; null where it is absent or null.</summary>
    public int? FieldsOf(string field) => Find(field, JsonValueKind.Object)?.GetPropertyCount();

    /// <summary>The values of all fields, which have to be texts.</summary>
    public IEnumerable<string> Texts() => _root.EnumerateObject().Select(field => RequiredText(field.Name));

    private JsonElement? Find(string field, JsonValueKind kind)
    {
        if (!_root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind
            ? value
            : throw new ModelLoadException($"{Name}: field '{field}' must be a {kind.ToString().ToLowerInvariant()}.");
    }
}
