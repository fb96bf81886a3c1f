using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.OpenAi;

/// <summary>Reads and checks the body of <c>POST /v1/embeddings</c>.</summary>
internal static class OpenAiRequestReader
{
    private const string InputField = "input";
    private const string FormatField = "encoding_format";

    /// <returns>The request, and whether vectors are wanted as base64 of their bytes.</returns>
    /// <exception cref="Errors.BadRequestException">The body is wrong; names the field and the index.</exception>
    public static async Task<(EmbedRequest Request, bool IsBase64)> ReadAsync(HttpContext context, ServerOptions limits)
    {
        var request = new EmbedRequest();
        var isBase64 = false;
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case InputField:
                    request.Field = TextField.Read(ref reader, field, TextFieldKinds.Single | TextFieldKinds.TokenIds, limits);
                    return true;
                case FormatField:
                    isBase64 = ReadIsBase64(ref reader);
                    return true;
                // OpenAI has no such field; here its vectors are always of length 1.
                case EmbedRequest.NormalizeField:
                    return false;
                default:
                    return request.TryRead(field, ref reader);
            }
        });
        if (request.Field is null)
            throw JsonBody.Invalid($"'{InputField}' is missing.", InputField);
        if (request.Field.Texts.Count == 0)
            throw JsonBody.Invalid($"'{InputField}' is an empty list.", InputField);
        return (request, isBase64);
    }

    private static bool ReadIsBase64(ref Utf8JsonReader reader) => JsonFields.ReadStringOrNull(ref reader, FormatField) switch
    {
        null or "float" => false,
        "base64" => true,
        var other => throw JsonBody.Invalid($"'{FormatField}' must be \"float\" or \"base64\", but is \"{Quoted.Of(other)}\".", FormatField),
    };
}
