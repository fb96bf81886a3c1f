using Microsoft.AspNetCore.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

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
            context.Response.Headers.Server = ServerName;
            return next(context);
        });
        app.UseExceptionHandler();
        // Wrong paths and methods get a problem document too.
        app.UseStatusCodePages();
        app.UseRouting();

        var embed = app.Services.GetRequiredService<EmbedEndpoint>();
        var status = app.Services.GetRequiredService<StatusEndpoints>();
        app.MapGet("/health", status.HealthAsync);
        app.MapGet("/info", status.InfoAsync);
        app.MapPost("/embed", embed.HandleAsync);
    }
}
