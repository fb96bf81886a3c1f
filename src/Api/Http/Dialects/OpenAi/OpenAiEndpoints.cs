using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.OpenAi;

/// <summary><c>POST /v1/embeddings</c> and <c>GET /v1/models</c>, as OpenAI's SDKs call them.</summary>
internal sealed class OpenAiEndpoints(EmbeddingService service, ServerOptions options, TimeProvider time)
{
    // What a model's file says of its age is not read: the list has to say something.
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();

    public async Task EmbeddingsAsync(HttpContext context)
    {
        var (request, form) = await OpenAiRequestReader.ReadAsync(context, options);
        await service.EmbedAsync(context, request, embedded =>
        {
            CheckLength(request.Field!, embedded);
            return WriteAsync(context.Response, embedded, form);
        });
    }

    public async Task ModelsAsync(HttpContext context)
    {
        var model = await service.ModelAsync(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new { @object = "list", data = new[] { Describe(model) } }, context.RequestAborted);
    }

    public async Task ModelAsync(HttpContext context)
    {
        // SDKs escape the slash of an id, and the server leaves %2F as it is.
        var name = Uri.UnescapeDataString((string)context.Request.RouteValues["id"]!);
        var model = await service.ModelAsync(context.RequestAborted);
        if (!ModelNames.IsOf(name, model))
            throw new BadRequestException(StatusCodes.Status404NotFound, $"The model '{Quoted.Of(name)}' is not loaded here; this server has {model.Id}.", EmbedRequest.ModelField);
        await context.Response.WriteAsJsonAsync(Describe(model), context.RequestAborted);
    }

    /// <summary>
    /// Refuses texts of which the model makes nothing, such as blank ones: the vector would be zero, and who asks here counts
    /// on length 1. OpenAI refuses empty texts too.
    /// </summary>
    private static void CheckLength(TextField input, TextsEmbedded embedded)
    {
        for (var i = 0; i < embedded.Vectors.Count; i++)
        {
            if (embedded.Vectors[i].AsSpan().ContainsAnyExcept(0f))
                continue;
            var (field, index) = input.PlaceOf(i);
            throw JsonBody.Invalid($"{JsonBody.Place(field!, index)} has no vector of length 1: the model makes nothing of this text.", field!, index);
        }
    }

    private static Task WriteAsync(HttpResponse response, TextsEmbedded embedded, VectorForm form) => ListAnswer.WriteAsync(
        response,
        embedded.Vectors.Count,
        json =>
        {
            json.WriteStartObject();
            // OpenAI has none; the clients of Mistral refuse an answer without it.
            json.WriteString("id", $"embd-{Guid.NewGuid():n}");
            json.WriteString("object", "list");
            json.WriteStartArray("data");
        },
        (json, i) =>
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", i);
            json.WritePropertyName("embedding");
            WriteVector(json, embedded.Vectors[i], form);
            json.WriteEndObject();
        },
        json =>
        {
            var tokens = embedded.TotalTokens;
            json.WriteString("model", embedded.Model.Id);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", tokens);
            json.WriteNumber("total_tokens", tokens);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static void WriteVector(Utf8JsonWriter json, float[] vector, VectorForm form)
    {
        var numbers = form.Type == VectorType.Float ? null : QuantizedVector.Of(vector, form.Type);
        if (form.IsBase64)
            json.WriteBase64StringValue(numbers ?? VectorBytes.Of(vector));
        else if (numbers is not null)
            QuantizedVector.Write(json, numbers, form.Type);
        else
            json.WriteVector(vector);
    }

    private object Describe(ModelInfo model) => new { id = model.Id, @object = "model", created = _created, owned_by = "actorembed" };
}
