using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Dialects.Tei;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects.Own;

/// <summary>Reads and checks the body of <c>POST /embed</c>: <c>texts</c>, or <c>inputs</c> as text-embeddings-inference has it.</summary>
internal static class EmbedRequestReader
{
    private const string TextsField = "texts";

    /// <exception cref="BadRequestException">The body is wrong; names the field and the index.</exception>
    public static async Task<EmbedRequest> ReadAsync(HttpContext context, ServerOptions limits)
    {
        var request = new EmbedRequest();
        string? seen = null;
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref System.Text.Json.Utf8JsonReader reader) =>
        {
            // Neither contract has a field for the model's name: whatever stands there is ignored.
            if (field == EmbedRequest.ModelField)
                return false;
            if (field is not (TextsField or TeiFields.Inputs))
                return request.TryRead(field, ref reader) || TeiFields.TryRefuse(field, ref reader);
            if (seen is not null && seen != field)
                throw JsonBody.Invalid($"'{TextsField}' and '{TeiFields.Inputs}' exclude each other.", field);

            seen = field;
            if (field == TeiFields.Inputs)
                ErrorFormats.Set(context, TeiErrors.Instance);
            var kinds = field == TextsField ? TextFieldKinds.List : TextFieldKinds.Single | TextFieldKinds.TokenIds;
            request.Field = TextField.Read(ref reader, field, kinds, limits);
            return true;
        });
        return request.Field is null ? throw JsonBody.Invalid($"'{TextsField}' is missing.", TextsField) : request;
    }
}
