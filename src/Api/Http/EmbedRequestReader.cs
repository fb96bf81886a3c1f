using System.Text.Json;

namespace ActorEmbed.Api.Http;

/// <summary>Reads and checks the body of <c>POST /embed</c>.</summary>
internal static class EmbedRequestReader
{
    private const string TextsField = "texts";
    private const string NormalizeField = "normalize";

    /// <exception cref="BadRequestException">The body is wrong; names the field and the index.</exception>
    public static async Task<EmbedRequest> ReadAsync(HttpRequest request, ServerOptions options)
    {
        List<string>? texts = null;
        var normalize = true;
        await JsonBody.ReadObjectAsync(request, ReadField);
        return new EmbedRequest(texts ?? throw JsonBody.Invalid($"'{TextsField}' is missing.", TextsField), normalize);

        bool ReadField(string field, ref Utf8JsonReader reader)
        {
            switch (field)
            {
                case TextsField:
                    texts = ReadTexts(ref reader, options);
                    return true;
                case NormalizeField:
                    normalize = ReadNormalize(ref reader);
                    return true;
                default:
                    return false;
            }
        }
    }

    private static List<string> ReadTexts(ref Utf8JsonReader reader, ServerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonBody.Invalid($"'{TextsField}' must be a list of strings, but is {JsonBody.Describe(reader.TokenType)}.", TextsField);

        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw JsonBody.Invalid(
                    $"{JsonBody.Place(TextsField, texts.Count)} must be a string, but is {JsonBody.Describe(reader.TokenType)}.", TextsField, texts.Count);
            }

            if (texts.Count == options.MaxTexts)
            {
                throw new BadRequestException(
                    StatusCodes.Status413PayloadTooLarge, $"'{TextsField}' has more than {options.MaxTexts} texts; send several requests.", TextsField, options.MaxTexts);
            }

            var text = JsonBody.ReadString(ref reader, TextsField, texts.Count);
            if (text.Length > options.MaxTextCharacters)
            {
                throw new BadRequestException(
                    StatusCodes.Status413PayloadTooLarge, $"{JsonBody.Place(TextsField, texts.Count)} has more than {options.MaxTextCharacters} characters.",
                    TextsField, texts.Count);
            }

            texts.Add(text);
        }

        return texts;
    }

    private static bool ReadNormalize(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw JsonBody.Invalid($"'{NormalizeField}' must be true or false, but is {JsonBody.Describe(reader.TokenType)}.", NormalizeField),
    };
}
