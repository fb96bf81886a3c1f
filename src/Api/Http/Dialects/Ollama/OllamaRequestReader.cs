using System.Text.Json;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>Reads and checks the bodies of <c>POST /api/embed</c> and the older <c>POST /api/embeddings</c>.</summary>
internal static class OllamaRequestReader
{
    /// <summary>Where <c>/api/embed</c> has its texts.</summary>
    public const string InputField = "input";

    /// <summary>Where <c>/api/embeddings</c> has its one text.</summary>
    public const string PromptField = "prompt";

    /// <summary>Without the field the request has no texts: with Ollama, that loads the model.</summary>
    /// <exception cref="Errors.BadRequestException">The body is wrong; names the field and the index.</exception>
    public static async Task<EmbedRequest> ReadAsync(HttpContext context, string textField, ServerOptions limits)
    {
        var request = new EmbedRequest();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            if (field == textField)
            {
                if (reader.TokenType != JsonTokenType.Null)
                    request.Field = TextField.Read(ref reader, field, TextFieldKinds.Single, limits);
                return true;
            }

            if (field == KeepAliveField.Name)
            {
                request.KeepAlive = KeepAliveField.Read(ref reader);
                return true;
            }

            return field is EmbedRequest.ModelField or EmbedRequest.TruncateField or EmbedRequest.DimensionsField && request.TryRead(field, ref reader);
        },
        // As Ollama does: curl -d calls everything a form.
        takesAnyContentType: true);
        return request;
    }
}
