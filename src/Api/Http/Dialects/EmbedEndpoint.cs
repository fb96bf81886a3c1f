using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects;

/// <summary>
/// <c>POST /embed</c>, and <c>POST /</c> for clients that are given a URL and no path. The form of the body is that of the
/// answer and of the errors; either answer is raw floats where the caller prefers them.
/// </summary>
/// <param name="service">Asks the router.</param>
/// <param name="models">Those that a request can name, where there are several.</param>
/// <param name="options">The limits of a request.</param>
/// <param name="forms">The first is that of a body which names no texts at all.</param>
internal sealed class EmbedEndpoint(EmbeddingService service, ServedModels models, ServerOptions options, IReadOnlyList<IEmbedForm> forms)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/embed", HandleAsync);
        routes.MapPost("/", HandleAsync);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var (request, form) = await ReadAsync(context);
        await service.EmbedAsync(context, request, embedded => WriteAsync(context, request, form, embedded));
    }

    private async Task<(EmbedRequest Request, IEmbedForm Form)> ReadAsync(HttpContext context)
    {
        var request = new EmbedRequest();
        IEmbedForm? seen = null;
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) =>
        {
            // The one model is meant whatever stands there: the clients of these forms know no such field.
            if (field == EmbedRequest.ModelField && !models.AreSeveral)
                return false;
            var form = forms.FirstOrDefault(form => form.TextsField == field);
            if (form is null)
                return request.TryRead(field, ref reader) || TryReadOwn(field, ref reader);
            if (seen is not null && seen != form)
                throw JsonBody.Invalid($"{string.Join(" and ", forms.Select(f => $"'{f.TextsField}'"))} exclude each other.", field);

            seen = form;
            ErrorFormats.Set(context, form.Errors);
            request.Field = TextField.Read(ref reader, field, form.Kinds, options);
            return true;
        });
        return seen is null ? throw JsonBody.Missing(forms[0].TextsField) : (request, seen);
    }

    private bool TryReadOwn(string field, ref Utf8JsonReader reader)
    {
        foreach (var form in forms)
        {
            if (form.TryRead(field, ref reader))
                return true;
        }

        return false;
    }

    private static Task WriteAsync(HttpContext context, EmbedRequest request, IEmbedForm form, TextsEmbedded embedded)
    {
        form.AddHeaders(context.Response, request, embedded);
        return AcceptHeader.PrefersBytes(context.Request)
            ? VectorBytes.WriteAsync(context.Response, embedded.Vectors)
            : form.WriteAsync(context.Response, embedded.Vectors);
    }
}
