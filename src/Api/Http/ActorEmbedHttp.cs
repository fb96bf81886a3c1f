using System.Text.Json;
using System.Text.Json.Serialization;
using ActorEmbed.Api.Http.Dialects.Ollama;
using ActorEmbed.Api.Http.Dialects.OpenAi;
using ActorEmbed.Api.Http.Dialects.Own;
using ActorEmbed.Api.Http.Dialects.Tei;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Api.Http.OpenApi;
using ActorEmbed.Api.Http.Safety;
using ActorEmbed.Api.Telemetry;
using Microsoft.AspNetCore.Diagnostics;

namespace ActorEmbed.Api.Http;

/// <summary>The routes and what they need.</summary>
internal static class ActorEmbedHttp
{
    /// <summary>How a client knows that it speaks to this server and not to a stranger on the port.</summary>
    private const string ServerName = "ActorEmbed";

    public static void AddActorEmbedHttp(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddSingleton<ErrorFormats>();
        services.AddSingleton<Problems>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<Problems>());
        services.AddSingleton<EmbeddingService>();
        services.AddSingleton<EmbedEndpoint>();
        services.AddSingleton<OpenAiEndpoints>();
        services.AddSingleton<OllamaEndpoints>();
        services.AddSingleton<TokenizeEndpoint>();
        services.AddSingleton<SimilarityEndpoint>();
        services.AddSingleton<StatusEndpoints>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
    }

    public static void MapActorEmbed(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            // At the last moment, because an error response starts from cleared headers.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Server = ServerName;
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseExceptionHandler();
        // Wrong paths and methods get a body in the caller's dialect too.
        app.UseStatusCodePages(app.Services.GetRequiredService<Problems>().WriteAsync);
        app.UseRouting();
        app.UseSafety();
        app.MapOwn(app.Services);
        app.MapOpenAi(app.Services.GetRequiredService<OpenAiEndpoints>());
        app.MapOllama(app.Services.GetRequiredService<OllamaEndpoints>());
        app.MapDocumentation();
        app.MapTelemetry();
    }

    private static void MapOwn(this WebApplication app, IServiceProvider services)
    {
        var embed = services.GetRequiredService<EmbedEndpoint>();
        var status = services.GetRequiredService<StatusEndpoints>();
        app.MapGet("/health", status.HealthAsync);
        app.MapGet("/health/ready", status.HealthAsync);
        app.MapGet("/health/live", status.LiveAsync);
        app.MapGet("/info", status.InfoAsync);
        app.MapPost("/embed", embed.HandleAsync);
        // Clients of text-embeddings-inference that are given a URL and no path.
        app.MapPost("/", embed.HandleAsync);
        app.MapPost("/tokenize", services.GetRequiredService<TokenizeEndpoint>().HandleAsync);
        app.MapPost("/similarity", services.GetRequiredService<SimilarityEndpoint>().HandleAsync);
    }

    private static void MapOpenAi(this WebApplication app, OpenAiEndpoints openAi)
    {
        app.MapPost("/v1/embeddings", openAi.EmbeddingsAsync);
        app.MapGet("/v1/models", openAi.ModelsAsync);
        // The id of a model has a slash in it.
        app.MapGet("/v1/models/{**id}", openAi.ModelAsync);
    }

    private static void MapOllama(this WebApplication app, OllamaEndpoints ollama)
    {
        app.MapPost("/api/embed", ollama.EmbedAsync);
        app.MapPost("/api/embeddings", ollama.EmbeddingsAsync);
        app.MapGet("/api/tags", ollama.TagsAsync);
        app.MapGet("/api/version", OllamaEndpoints.VersionAsync);
    }
}
