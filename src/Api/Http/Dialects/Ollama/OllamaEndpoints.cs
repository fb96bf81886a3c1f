using System.Security.Cryptography;
using System.Text;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>The part of Ollama's API that embeds, and what its clients ask for before they do.</summary>
internal sealed class OllamaEndpoints(EmbeddingService service, ServedModels models, ServerOptions options, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public async Task EmbedAsync(HttpContext context)
    {
        var request = await OllamaRequestReader.ReadAsync(context, OllamaRequestReader.InputField, options);
        await service.EmbedAsync(context, request, embedded => WriteAsync(context.Response, request.Model ?? TagOf(models.First.NameOf(embedded.Model)), embedded));
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

    public async Task TagsAsync(HttpContext context)
    {
        // The one model is called by what was loaded; of several, some may still be on their way.
        string[] labels = models.AreSeveral
            ? [.. models.All.Select(model => model.Label)]
            : [models.First.NameOf(await models.First.LoadedAsync(context.RequestAborted))];
        await context.Response.WriteAsJsonAsync(new { models = labels.Select(Describe) }, context.RequestAborted);
    }

    private object Describe(string label) => new
    {
        name = TagOf(label),
        model = TagOf(label),
        modified_at = _startedAt,
        // Ollama's own command line cuts it to 12 characters, so there has to be one.
        digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label))),
        details = new { format = "onnx" },
    };

    public static Task VersionAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(new { version = ProductVersion.Value }, context.RequestAborted);

    /// <summary>As Ollama calls a model: the short name, where that is no other's, with a tag.</summary>
    private string TagOf(string label)
    {
        var shortName = label[(label.LastIndexOf('/') + 1)..];
        var isClear = !models.AreSeveral || models.Choose(shortName).Label == label;
        return (isClear ? shortName : label) + ModelNames.LatestTag;
    }

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
