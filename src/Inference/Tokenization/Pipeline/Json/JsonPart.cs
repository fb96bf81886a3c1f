using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>One component of a tokenizer.json; every complaint names the file and the component.</summary>
/// <param name="Path">Such as <c>/models/x/tokenizer.json: normalizer.normalizers[1]</c>.</param>
/// <param name="Element">Its JSON.</param>
internal readonly record struct JsonPart(string Path, JsonElement Element)
{
    private const string TypeField = "type";

    /// <summary>The component's type; null where it has none.</summary>
    public string? Type => TextOrNull(TypeField);

    /// <summary>Reads a file that holds an object.</summary>
    /// <exception cref="ModelLoadException">It cannot be read, or holds something else.</exception>
    public static JsonDocument Parse(string path)
    {
        try
        {
            var document = JsonDocument.Parse(ModelFile.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new InvalidDataException("a JSON object is expected");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ModelLoadException($"The file {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>A component within this one; null where there is none.</summary>
    public JsonPart? Child(string name) => Find(name) is { } value ? new JsonPart($"{Path}.{name}", value) : null;

    /// <summary>A component that has to be there.</summary>
    public JsonPart RequiredChild(string name) => Child(name) ?? throw Missing(name);

    /// <summary>The components of a list.</summary>
    public IEnumerable<JsonPart> Items(string name)
    {
        var list = RequiredChild(name);
        if (list.Element.ValueKind != JsonValueKind.Array)
            throw list.Invalid("a list is expected");
        return list.Element.EnumerateArray().Select((item, i) => new JsonPart($"{list.Path}[{i}]", item));
    }

    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string? TextOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Invalid($"'{name}' is no text"),
    };

    public bool Flag(string name, bool absent = false) => FlagOrNull(name) ?? absent;

    public bool? FlagOrNull(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid($"'{name}' is neither true nor false"),
    };

    public int? NumberOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        _ => throw Invalid($"'{name}' is no whole number"),
    };

    /// <summary>This component itself as a text.</summary>
    public string AsText() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Invalid("a text is expected");

    /// <summary>What to throw for a type that is not known.</summary>
    public ModelLoadException Unknown() => new($"{Path}: the type '{Type ?? Element.ValueKind.ToString()}' is not supported.");

    /// <summary>What to throw for a value that cannot be.</summary>
    public ModelLoadException Invalid(string what, Exception? cause = null) => new($"{Path}: {what}.", cause);

    private ModelLoadException Missing(string name) => Invalid($"'{name}' is missing");

    private JsonElement? Find(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw Invalid("an object is expected");
        return Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
