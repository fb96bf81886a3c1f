using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>The part of Ollama's API that embeds.</summary>
internal sealed class OllamaEndpoints(EmbeddingService service, ServedModels models, ServerOptions options)
{
    public async Task EmbedAsync(HttpContext context)
    {
        var request = await OllamaRequestReader.ReadAsync(context, OllamaRequestReader.InputField, options);
        await service.EmbedAsync(context, request, embedded => WriteAsync(context.Response, request.Model ?? OllamaModel.TagOf(models.First.NameOf(embedded.Model), models), embedded));
    }

    public async Task EmbeddingsAsync(HttpContext context)
    {
        var request = await OllamaRequestReader.ReadAsync(context, OllamaRequestReader.PromptField, options);
        // Ollama normalises in /api/embed only.
        request.Normalize = false;
        if (request.Field is { Texts.Count: not 1 })
            throw JsonBody.Invalid($"'{OllamaRequestReader.PromptField}' must be one string; /api/embed takes a list.", OllamaRequestReader.PromptField);
        await service.EmbedAsync(context, request, embedded => WriteOneAsync(context.Response, embedded.Vectors.SingleOrDefault() ?? []));
    }

    public static Task VersionAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(new { version = ProductVersion.Value }, context.RequestAborted);

    private static Task WriteAsync(HttpResponse response, string name, TextsEmbedded embedded) => ListAnswer.WriteAsync(
        response,
        embedded.Vectors.Count,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("model", name);
            json.WriteStartArray("embeddings");
        },
        (json, i) => json.WriteVector(embedded.Vectors[i]),
        json =>
        {
            json.WriteNumber("total_duration", (embedded.WaitTime + embedded.InferenceTime).Ticks * TimeSpan.NanosecondsPerTick);
            json.WriteNumber("load_duration", embedded.WaitTime.Ticks * TimeSpan.NanosecondsPerTick);
            json.WriteNumber("prompt_eval_count", embedded.TotalTokens);
            json.WriteEndObject();
        });

    private static Task WriteOneAsync(HttpResponse response, float[] vector) => ListAnswer.WriteAsync(
        response,
        vector.Length,
        json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("embedding");
        },
        (json, i) => json.WriteNumberValue(vector[i]),
        json => json.WriteEndObject());
}
