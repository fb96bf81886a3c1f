using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Models;

/// <summary>One configuration file of a model; every complaint names the file and the field.</summary>
internal sealed class JsonFile
{
    private readonly string _path;
    private readonly JsonElement _root;

    private JsonFile(string path, JsonElement root)
    {
        _path = path;
        _root = root;
    }

    public static JsonFile? ReadIfPresent(string path, JsonValueKind expected = JsonValueKind.Object)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(ModelFile.ReadAllBytes(path));
            return document.RootElement.ValueKind == expected
                ? new JsonFile(path, document.RootElement.Clone())
                : throw new ModelLoadException($"{path}: expected a JSON {expected.ToString().ToLowerInvariant()}.");
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"{path}: not valid JSON ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{path}: cannot be read ({e.Message})", e);
        }
    }

    public IEnumerable<JsonFile> Items() => _root.EnumerateArray().Select((item, i) =>
        item.ValueKind == JsonValueKind.Object
            ? new JsonFile($"{_path}[{i}]", item)
            : throw new ModelLoadException($"{_path}[{i}]: expected a JSON object."));

    public IEnumerable<string> NamesOfTrueFields() =>
        _root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.True).Select(p => p.Name);

    public string? Text(string field) => Find(field, JsonValueKind.String)?.GetString();

    public string RequiredText(string field) =>
        Text(field) ?? throw new ModelLoadException($"{_path}: field '{field}' is missing.");

    /// <summary>A whole number above zero, or null where the field is absent or null.</summary>
    public int? Count(string field)
    {
        if (Find(field, JsonValueKind.Number) is not { } value)
            return null;
        // Some tokenizers state "no limit" as 1e30: larger than any limit that matters here.
        var number = value.GetDouble();
        return number >= 1
            ? (int)Math.Min(number, int.MaxValue)
            : throw new ModelLoadException($"{_path}: field '{field}' must be at least 1, but is {number}.");
    }

    private JsonElement? Find(string field, JsonValueKind kind)
    {
        if (!_root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind
            ? value
            : throw new ModelLoadException($"{_path}: field '{field}' must be a {kind.ToString().ToLowerInvariant()}.");
    }
}
