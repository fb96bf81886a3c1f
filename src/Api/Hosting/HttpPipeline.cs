using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorEmbed.Api.Http;
using ActorEmbed.Api.Http.Dialects;
using ActorEmbed.Api.Http.Dialects.Cohere;
using ActorEmbed.Api.Http.Dialects.Ollama;
using ActorEmbed.Api.Http.Dialects.OpenAi;
using ActorEmbed.Api.Http.Dialects.Own;
using ActorEmbed.Api.Http.Dialects.Tei;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Api.Http.OpenApi;
using ActorEmbed.Api.Http.Page;
using ActorEmbed.Api.Http.Safety;
using ActorEmbed.Api.Telemetry;
using Microsoft.AspNetCore.Diagnostics;

namespace ActorEmbed.Api.Hosting;

/// <summary>What a request passes on its way to an endpoint, and all endpoints.</summary>
internal static class HttpPipeline
{
    public static void AddHttp(this IServiceCollection services)
    {
        services.AddSingleton<IDialect, OwnDialect>();
        services.AddSingleton<IDialect, OpenAiDialect>();
        services.AddSingleton<IDialect, OllamaDialect>();
        services.AddSingleton<IDialect, TeiDialect>();
        services.AddSingleton<IDialect, CohereDialect>();
        services.AddSingleton<ServedModels>();
        services.AddSingleton<EmbeddingService>();
        services.AddProblemDetails();
        services.AddSingleton<ErrorFormats>();
        services.AddSingleton<Problems>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<Problems>());
        services.AddSafety();
        services.AddTelemetry();
        services.AddPage();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        });
    }

    public static void UseHttp(this WebApplication app)
    {
        UnreadableRequests.Watch(app.Services.GetRequiredService<DiagnosticListener>());
        app.Use((context, next) =>
        {
            // At the last moment, because an error response starts from cleared headers.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Server = ServerHeader.Value;
                return Task.CompletedTask;
            });
            return next(context);
        });
        // Around all that may answer, so that it tells what was sent.
        app.UseAccessLog();
        app.UseExceptionHandler();
        // Wrong paths and methods get a body in the caller's dialect too.
        app.UseStatusCodePages(app.Services.GetRequiredService<Problems>().WriteAsync);
        app.Use(HeadAsGet);
        app.UseRouting();
        app.UseSafety();
        app.MapDialects([.. app.Services.GetServices<IDialect>()]);
        app.MapDocumentation();
        app.MapPage();
        app.MapTelemetry();
    }

    private static void MapDialects(this WebApplication app, IReadOnlyList<IDialect> dialects)
    {
        foreach (var dialect in dialects)
            dialect.Map(app.MapGroup("").WithMetadata(dialect.Errors));
        IReadOnlyList<IEmbedForm> forms = [.. dialects.Select(dialect => dialect.EmbedForm).OfType<IEmbedForm>()];
        ActivatorUtilities.CreateInstance<EmbedEndpoint>(app.Services, forms).Map(app.MapGroup("").WithMetadata(forms[0].Errors));
    }

    /// <summary>HEAD is GET without the body, on every route; the server itself leaves the body away.</summary>
    private static Task HeadAsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            HeadRequest.Mark(context);
        }

        return next(context);
    }
}
