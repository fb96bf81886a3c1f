using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.OpenAi;

/// <summary><c>POST /v1/embeddings</c> and <c>GET /v1/models</c>, as OpenAI's SDKs call them.</summary>
internal sealed class OpenAiEndpoints(EmbeddingService service, ServedModels models, ServerOptions options, TimeProvider time)
{
    // What a model's file says of its age is not read: the list has to say something.
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();

    public async Task EmbeddingsAsync(HttpContext context)
    {
        var (request, form) = await OpenAiRequestReader.ReadAsync(context, options);
        // Azure's path decides: its clients send another name in the body, often one by default that nobody chose.
        request.Model = context.Request.RouteValues["deployment"] as string ?? request.Model;
        await service.EmbedAsync(context, request, embedded =>
        {
            CheckLength(request.Field!, embedded);
            return WriteAsync(context.Response, models.Choose(request.Model).NameOf(embedded.Model), embedded, form);
        });
    }

    public async Task ModelsAsync(HttpContext context)
    {
        // The one model is called by what was loaded; of several, some may still be on their way.
        string[] ids = models.AreSeveral ? [.. models.All.Select(model => model.Label)] : [models.First.NameOf(await models.First.LoadedAsync(context.RequestAborted))];
        await context.Response.WriteAsJsonAsync(new { @object = "list", data = ids.Select(Describe) }, context.RequestAborted);
    }

    public async Task ModelAsync(HttpContext context)
    {
        // SDKs escape the slash of an id, and the server leaves %2F as it is.
        var name = Uri.UnescapeDataString((string)context.Request.RouteValues["id"]!);
        if (models.AreSeveral)
        {
            await context.Response.WriteAsJsonAsync(Describe(models.Choose(name).Label), context.RequestAborted);
            return;
        }

        var (served, loaded) = await models.FindAsync(name, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(Describe(served.NameOf(loaded)), context.RequestAborted);
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

    private static Task WriteAsync(HttpResponse response, string model, TextsEmbedded embedded, VectorForm form) => ListAnswer.WriteAsync(
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
            json.WriteString("model", model);
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

    private object Describe(string id) => new { id, @object = "model", created = _created, owned_by = "actorembed" };
}
