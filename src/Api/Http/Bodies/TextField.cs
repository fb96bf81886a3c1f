using System.Text.Json;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>A field of a body that holds what vectors are wanted of: a text, token ids, or a list of either.</summary>
internal sealed class TextField
{
    private const string TextOfObject = "text";

    private readonly TextFieldKinds _kinds;
    private readonly ServerOptions _limits;
    private readonly List<EmbeddingInput> _texts = [];
    private bool _isList = true;

    private TextField(string name, TextFieldKinds kinds, ServerOptions limits) => (Name, _kinds, _limits) = (name, kinds, limits);

    /// <summary>The field in which they stood.</summary>
    public string Name { get; }

    public IReadOnlyList<EmbeddingInput> Texts => _texts;

    /// <summary>Reads the current value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="name">The field.</param>
    /// <param name="kinds">What it may hold beside a list of texts.</param>
    /// <param name="limits">Most texts, and characters of one.</param>
    /// <exception cref="BadRequestException">It holds something else, or too much; the index is named.</exception>
    public static TextField Read(ref Utf8JsonReader reader, string name, TextFieldKinds kinds, ServerOptions limits)
    {
        var field = new TextField(name, kinds, limits);
        if (reader.TokenType == JsonTokenType.String && kinds.HasFlag(TextFieldKinds.Single))
        {
            field._isList = false;
            field._texts.Add(field.ReadText(ref reader, null));
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            field.ReadList(ref reader);
        }
        else
        {
            throw JsonBody.Invalid($"'{name}' must be {Expected(kinds)}, but is {JsonBody.Describe(reader.TokenType)}.", name);
        }

        return field;
    }

    /// <summary>Reads a field that holds one text and can hold nothing else.</summary>
    /// <exception cref="BadRequestException">It holds something else, or too much.</exception>
    public static string ReadSingle(ref Utf8JsonReader reader, string name, ServerOptions limits) =>
        reader.TokenType == JsonTokenType.String ? ReadText(ref reader, name, null, limits) : throw JsonFields.Wrong(ref reader, name, "a string");

    /// <summary>What was read of a field that has to hold something.</summary>
    /// <param name="field">Null where the body had none.</param>
    /// <param name="name">How the body should have called it.</param>
    /// <exception cref="BadRequestException">It is missing, or an empty list.</exception>
    public static TextField Required(TextField? field, string name) => field switch
    {
        null => throw JsonBody.Missing(name),
        { Texts.Count: 0 } => throw JsonBody.Invalid($"'{name}' is an empty list.", name),
        _ => field,
    };

    /// <inheritdoc cref="TextPlaces" />
    public (string? Field, int? Index) PlaceOf(int index) => (Name, _isList ? index : null);

    private static string Expected(TextFieldKinds kinds) => kinds switch
    {
        TextFieldKinds.List => "a list of strings",
        TextFieldKinds.Objects => "a list of strings or of objects with a text",
        TextFieldKinds.Single => "a string or a list of strings",
        TextFieldKinds.OnlyTokenIds => "a list of token ids or a list of such lists",
        _ => "a string, a list of strings, a list of token ids or a list of such lists",
    };

    private void ReadList(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && _kinds.HasFlag(TextFieldKinds.TokenIds))
        {
            _isList = false;
            _texts.Add(ReadTokenIds(ref reader, Name));
            return;
        }

        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (_texts.Count == _limits.MaxTexts)
                throw new BadRequestException(StatusCodes.Status413PayloadTooLarge, $"'{Name}' has more than {_limits.MaxTexts} texts; send several requests.", Name, _limits.MaxTexts);
            _texts.Add(ReadElement(ref reader));
        }
    }

    private EmbeddingInput ReadElement(ref Utf8JsonReader reader)
    {
        var index = _texts.Count;
        if (reader.TokenType == JsonTokenType.String && _kinds != TextFieldKinds.OnlyTokenIds)
            return ReadText(ref reader, index);
        if (reader.TokenType == JsonTokenType.StartArray && _kinds.HasFlag(TextFieldKinds.TokenIds))
        {
            reader.Read();
            return ReadTokenIds(ref reader, JsonBody.Place(Name, index).Trim('\''));
        }

        if (reader.TokenType == JsonTokenType.StartObject && _kinds.HasFlag(TextFieldKinds.Objects))
            return ReadObject(ref reader, index);

        var expected = _kinds == TextFieldKinds.OnlyTokenIds ? "a list of token ids"
            : _kinds.HasFlag(TextFieldKinds.TokenIds) ? "a string or a list of token ids"
            : _kinds.HasFlag(TextFieldKinds.Objects) ? "a string or an object with a text"
            : "a string";
        throw JsonBody.Invalid($"{JsonBody.Place(Name, index)} must be {expected}, but is {JsonBody.Describe(reader.TokenType)}.", Name, index);
    }

    private string ReadObject(ref Utf8JsonReader reader, int index)
    {
        string? text = null;
        JsonBody.ReadObject(ref reader, Name, (string field, ref Utf8JsonReader value) =>
        {
            if (field != TextOfObject)
                return false;
            if (value.TokenType != JsonTokenType.String)
                throw JsonBody.Invalid($"'{Name}[{index}].{TextOfObject}' must be a string, but is {JsonBody.Describe(value.TokenType)}.", Name, index);
            text = ReadText(ref value, index);
            return true;
        });
        return text ?? throw JsonBody.Invalid($"'{Name}[{index}].{TextOfObject}' is missing.", Name, index);
    }

    private string ReadText(ref Utf8JsonReader reader, int? index) => ReadText(ref reader, Name, index, _limits);

    private static string ReadText(ref Utf8JsonReader reader, string name, int? index, ServerOptions limits)
    {
        var text = JsonBody.ReadString(ref reader, name, index);
        return text.Length <= limits.MaxTextCharacters ? text : throw new BadRequestException(
            StatusCodes.Status413PayloadTooLarge, $"{JsonBody.Place(name, index)} has more than {limits.MaxTextCharacters} characters.", name, index);
    }

    /// <summary>Reads up to the end of a list, from its first element.</summary>
    private EmbeddingInput ReadTokenIds(ref Utf8JsonReader reader, string place)
    {
        var ids = new List<int>();
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (reader.TokenType != JsonTokenType.Number)
                throw Wrong(JsonBody.Describe(reader.TokenType), ids.Count);
            // Whether the vocabulary has it, only the model can say.
            if (!reader.TryGetInt32(out var id) || id < 0)
                throw Wrong("no such number", ids.Count);
            ids.Add(id);
        }

        return EmbeddingInput.FromTokenIds([.. ids]);

        BadRequestException Wrong(string what, int at) => JsonBody.Invalid(
            $"'{place}[{at}]' must be a token id, a whole number from 0, but is {what}.", Name, place == Name ? at : _texts.Count);
    }
}
