using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Cohere;

/// <summary>The body of <c>POST /v1/embed</c> and <c>POST /v2/embed</c>.</summary>
internal sealed class CohereEmbedRequest(ServerOptions limits)
{
    private const string TextsField = "texts";
    private const string TypesField = "embedding_types";
    private const string ImagesField = "images";
    private const string InputsField = "inputs";

    // Kinds of texts for which no model here has a prompt by that name alone.
    private static readonly string[] PlainInputTypes = ["classification", "clustering"];

    private readonly List<string> _types = [];

    /// <summary>What every dialect has.</summary>
    public EmbedRequest Common { get; } = new();

    /// <summary>The forms in which each vector is wanted; none where the caller names none.</summary>
    public IReadOnlyList<string> Types => _types;

    /// <exception cref="BadRequestException">The body is wrong; names the field and the index.</exception>
    public async Task ReadAsync(HttpContext context)
    {
        await JsonBody.ReadObjectAsync(context.Request, TryRead);
        TextField.Required(Common.Field, TextsField);
    }

    private bool TryRead(string field, ref Utf8JsonReader reader)
    {
        switch (field)
        {
            case TextsField:
                Common.Field = TextField.Read(ref reader, field, TextFieldKinds.List, limits);
                return true;
            case TypesField:
                ReadTypes(ref reader);
                return true;
            case EmbedRequest.TruncateField:
                Common.Truncate = ReadTruncate(ref reader);
                return true;
            case EmbedRequest.InputTypeField when reader.TokenType == JsonTokenType.String && Array.Exists(PlainInputTypes, Is(reader.GetString()!)):
                return true;
            case ImagesField or InputsField when reader.TokenType != JsonTokenType.Null:
                throw JsonBody.Invalid($"'{field}' is not supported; '{TextsField}' is.", field);
            // Its vectors have length 1.
            case EmbedRequest.NormalizeField:
                return false;
            default:
                return Common.TryRead(field, ref reader);
        }
    }

    private void ReadTypes(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonFields.Wrong(ref reader, TypesField, "a list of strings");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var type = JsonFields.ReadString(ref reader, TypesField);
            if (type != VectorForm.Base64 && !VectorForm.Types.ContainsKey(type))
                throw JsonBody.Invalid($"'{TypesField}' has no \"{Quoted.Of(type)}\" here; {string.Join(", ", VectorForm.Types.Keys)} and {VectorForm.Base64} are known.", TypesField);
            if (!_types.Contains(type))
                _types.Add(type);
        }
    }

    private static bool ReadTruncate(ref Utf8JsonReader reader) => JsonFields.ReadStringOrNull(ref reader, EmbedRequest.TruncateField)?.ToUpperInvariant() switch
    {
        null or "END" => true,
        "NONE" => false,
        _ => throw JsonBody.Invalid($"'{EmbedRequest.TruncateField}' must be \"NONE\" or \"END\" here.", EmbedRequest.TruncateField),
    };

    private static Predicate<string> Is(string word) => known => known.Equals(word, StringComparison.OrdinalIgnoreCase);
}
