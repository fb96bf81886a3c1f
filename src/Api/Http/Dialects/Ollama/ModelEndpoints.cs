using System.Text.Json;
using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary><c>GET /api/tags</c>, <c>GET /api/ps</c> and <c>POST /api/show</c>: what Ollama's clients ask for before they embed.</summary>
internal sealed class ModelEndpoints(ServedModels models, TimeProvider time)
{
    // Ollama has no word for a reranker.
    private static readonly string[] Embeds = ["embedding"];

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public async Task TagsAsync(HttpContext context)
    {
        var all = await AllAsync(context.RequestAborted);
        await WriteAsync(context, new
        {
            models = all.Select(one => new
            {
                name = one.Tag,
                model = one.Tag,
                modified_at = _startedAt,
                size = one.Model?.WeightBytes ?? 0,
                digest = OllamaModel.DigestOf(one.Label),
                details = OllamaModel.DetailsOf(one.Model),
            }),
        });
    }

    public async Task RunningAsync(HttpContext context)
    {
        var all = await AllAsync(context.RequestAborted);
        await WriteAsync(context, new
        {
            models = all.Where(one => one.Model is not null && !one.IsAsleep).Select(one => new
            {
                name = one.Tag,
                model = one.Tag,
                size = one.Model!.WeightBytes ?? 0,
                digest = OllamaModel.DigestOf(one.Label),
                details = OllamaModel.DetailsOf(one.Model),
                // Until when it stays depends on who asks for it meanwhile.
                expires_at = DateTimeOffset.MaxValue,
                size_vram = 0,
                context_length = one.Model.MaxTokens,
            }),
        });
    }

    public async Task ShowAsync(HttpContext context)
    {
        var name = new ModelNameField();
        await JsonBody.ReadObjectAsync(context.Request, (string field, ref Utf8JsonReader reader) => name.TryRead(field, ref reader), takesAnyContentType: true);
        var (_, model) = await models.FindAsync(name.Value, context.RequestAborted);
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

    /// <summary>The one model is called by what was loaded; of several, some may still be on their way.</summary>
    private async Task<IReadOnlyList<Listed>> AllAsync(CancellationToken cancellation)
    {
        if (!models.AreSeveral)
            await models.First.LoadedAsync(cancellation);
        return await Task.WhenAll(models.All.Select(async served =>
        {
            var status = await served.StatusAsync(cancellation);
            var label = !models.AreSeveral && status.Model is { } loaded ? served.NameOf(loaded) : served.Label;
            return new Listed(label, OllamaModel.TagOf(label, models), status.Model, status.IsAsleep);
        }));
    }

    private static Task WriteAsync(HttpContext context, object answer) =>
        context.Response.WriteAsJsonAsync(answer, DialectJson.Options, context.RequestAborted);

    /// <param name="Label">How others list it.</param>
    /// <param name="Tag">How Ollama does.</param>
    /// <param name="Model">Once it is loaded.</param>
    /// <param name="IsAsleep">Whether it was closed again.</param>
    private sealed record Listed(string Label, string Tag, ModelInfo? Model, bool IsAsleep);
}
