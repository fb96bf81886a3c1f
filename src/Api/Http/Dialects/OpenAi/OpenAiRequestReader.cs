using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.OpenAi;

/// <summary>Reads and checks the body of <c>POST /v1/embeddings</c>.</summary>
internal static class OpenAiRequestReader
{
    private const string InputField = "input";

    /// <returns>The request, and the form in which vectors are wanted.</returns>
    /// <exception cref="Errors.BadRequestException">The body is wrong; names the field and the index.</exception>
    public static async Task<(EmbedRequest Request, VectorForm Form)> ReadAsync(HttpContext context, ServerOptions limits)
    {
        var request = new EmbedRequest();
        var form = new VectorForm();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            switch (field)
            {
                case InputField:
                    request.Field = TextField.Read(ref reader, field, TextFieldKinds.Single | TextFieldKinds.TokenIds, limits);
                    return true;
                // OpenAI has no such field; here its vectors are always of length 1.
                case EmbedRequest.NormalizeField:
                    return false;
                default:
                    return form.TryRead(field, ref reader) || request.TryRead(field, ref reader);
            }
        });
        TextField.Required(request.Field, InputField);
        return (request, form);
    }
}
