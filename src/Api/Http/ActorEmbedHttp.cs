using System.Text.Json;
using System.Text.Json.Serialization;
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
        services.AddSingleton<Problems>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<Problems>());
        services.AddSingleton<EmbedEndpoint>();
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
        // Wrong paths and methods get a problem document too.
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseSafety();

        var embed = app.Services.GetRequiredService<EmbedEndpoint>();
        var status = app.Services.GetRequiredService<StatusEndpoints>();
        app.MapGet("/health", status.HealthAsync);
        app.MapGet("/health/ready", status.HealthAsync);
        app.MapGet("/health/live", status.LiveAsync);
        app.MapGet("/info", status.InfoAsync);
        app.MapPost("/embed", embed.HandleAsync);
        app.MapTelemetry();
    }
}
