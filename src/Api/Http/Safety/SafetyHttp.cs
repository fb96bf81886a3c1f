using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Bodies;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>What stands before the endpoints, in order: cheap and general checks first.</summary>
internal static class SafetyHttp
{
    // Browsers ask again after two hours at most, whatever is said.
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(2);

    public static void AddSafety(this IServiceCollection services)
    {
        services.AddSingleton<SilenceLimit>();
        services.AddSingleton<HostGuard>();
        services.AddSingleton<OriginGuard>();
        services.AddSingleton<ApiKeyGuard>();
        services.AddSingleton(provider => new LargeBodyGarbage(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<BodyBudget>();
        services.AddRequestDecompression(BodyEncoding.Configure);
        services.AddCors();
    }

    /// <summary>Outside of everything else.</summary>
    public static void UseAccessLog(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerOptions>().AccessLog)
            app.Use(ActivatorUtilities.CreateInstance<AccessLog>(app.Services).InvokeAsync);
    }

    public static void UseSafety(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ServerOptions>();
        app.Use(app.Services.GetRequiredService<RequestDrain>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<HostGuard>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<OriginGuard>().InvokeAsync);
        if (options.CorsOrigins.Count > 0)
        {
            app.Use(AllowPrivateNetwork);
            app.UseCors(policy => Configure(policy, options.CorsOrigins));
        }

        app.Use(app.Services.GetRequiredService<ApiKeyGuard>().InvokeAsync);
        app.Use(BodyEncoding.InvokeAsync);
        app.UseRequestDecompression();
        // After it, so that what is counted is what it takes in memory.
        app.Use(app.Services.GetRequiredService<BodyBudget>().InvokeAsync);
    }

    private static void Configure(CorsPolicyBuilder policy, IReadOnlyList<string> origins) => policy
        .WithOrigins([.. origins])
        .AllowAnyHeader()
        .AllowAnyMethod()
        .WithExposedHeaders("Retry-After", EmbeddingService.TruncatedTextsHeader, EmbeddingService.TokensHeader, EmbeddingService.ModelHeader, VectorBytes.CountHeader, VectorBytes.DimensionsHeader)
        .SetPreflightMaxAge(PreflightMaxAge);

    /// <summary>A page on the public internet asks a browser's leave before it calls a private address.</summary>
    private static Task AllowPrivateNetwork(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.ContainsKey("Access-Control-Request-Private-Network"))
            context.Response.Headers["Access-Control-Allow-Private-Network"] = "true";
        return next(context);
    }
}
