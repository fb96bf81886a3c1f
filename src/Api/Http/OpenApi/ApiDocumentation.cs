using System.Net.Mime;
using Scalar.AspNetCore;

namespace ActorEmbed.Api.Http.OpenApi;

/// <summary>
/// <c>GET /openapi/v1.json</c> and a page that shows it. The document is written by hand: bodies are read and written
/// token by token, so a generator would see nothing of them.
/// </summary>
internal static class ApiDocumentation
{
    private const string DocumentPath = "/openapi/v1.json";
    private const string PagePath = "/docs";

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapGet(DocumentPath, WriteDocumentAsync);
        // Everything that the page needs comes from here: it has to work without internet, and tells nobody of its use.
        app.MapScalarApiReference(PagePath, page => page
            .WithTitle("ActorEmbed")
            .WithOpenApiRoutePattern(DocumentPath)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton());
    }

    private static async Task WriteDocumentAsync(HttpContext context)
    {
        await using var document = typeof(ApiDocumentation).Assembly.GetManifestResourceStream("openapi/v1.json")!;
        context.Response.ContentType = MediaTypeNames.Application.Json;
        context.Response.ContentLength = document.Length;
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
