using System.Text.Json;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary><c>GET /api/tags</c>, <c>GET /api/ps</c> and <c>POST /api/show</c>: what Ollama's clients ask for before they embed.</summary>
internal sealed class ModelEndpoints(EmbeddingService service, TimeProvider time)
{
    // Ollama has no word for a reranker.
    private static readonly string[] Embeds = ["embedding"];

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public async Task TagsAsync(HttpContext context)
    {
        var model = await service.ModelAsync(context.RequestAborted);
        await WriteAsync(context, new
        {
            models = new[]
            {
                new
                {
                    name = OllamaModel.NameOf(model),
                    model = OllamaModel.NameOf(model),
                    modified_at = _startedAt,
                    size = model.WeightBytes ?? 0,
                    digest = OllamaModel.DigestOf(model.Id),
                    details = OllamaModel.DetailsOf(model),
                },
            },
        });
    }

    public async Task RunningAsync(HttpContext context)
    {
        var model = await service.ModelAsync(context.RequestAborted);
        await WriteAsync(context, new
        {
            models = new[]
            {
                new
                {
                    name = OllamaModel.NameOf(model),
                    model = OllamaModel.NameOf(model),
                    size = model.WeightBytes ?? 0,
                    digest = OllamaModel.DigestOf(model.Id),
                    details = OllamaModel.DetailsOf(model),
                    // It stays loaded.
                    expires_at = DateTimeOffset.MaxValue,
                    size_vram = 0,
                    context_length = model.MaxTokens,
                },
            },
        });
    }

    public async Task ShowAsync(HttpContext context)
    {
        var name = new ModelNameField();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) => name.TryRead(field, ref reader), takesAnyContentType: true);
        var model = await service.ModelAsync(context.RequestAborted);
        if (!ModelNames.IsOf(name.Value, model))
            throw new BadRequestException(StatusCodes.Status404NotFound, $"The model '{Quoted.Of(name.Value)}' is not loaded here; this server has {model.Id}.", EmbedRequest.ModelField);
        var family = OllamaModel.FamilyOf(model);
        await WriteAsync(context, new
        {
            modelfile = "",
            parameters = "",
            template = "",
            details = OllamaModel.DetailsOf(model),
            model_info = new Dictionary<string, object?>
            {
                ["general.architecture"] = family,
                ["general.basename"] = model.Id,
                ["general.parameter_count"] = model.Parameters,
                [$"{family}.context_length"] = model.MaxTokens,
                [$"{family}.embedding_length"] = model.Dimensions,
            },
            capabilities = model.Kind == ModelKind.Embedder ? Embeds : [],
            modified_at = _startedAt,
        });
    }

    private static Task WriteAsync(HttpContext context, object answer) =>
        context.Response.WriteAsJsonAsync(answer, DialectJson.Options, context.RequestAborted);
}
