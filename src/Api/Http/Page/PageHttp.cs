using ActorEmbed.Api.Http.Answers;
using ActorEmbed.Api.Http.Page.Live;
using ActorEmbed.Api.Http.Safety;
using Microsoft.Net.Http.Headers;

namespace ActorEmbed.Api.Http.Page;

/// <summary>
/// <c>GET /</c>: a page for browsers, a plain answer for everyone else. What the page needs lies below <c>/page</c>; the vectors
/// it asks for as every client does.
/// </summary>
internal static class PageHttp
{
    private const string PlainAnswer = "ActorEmbed is running";
    private const string FilesPath = "/page";

    public static void AddPage(this IServiceCollection services)
    {
        services.AddSingleton<LiveModels>();
        services.AddSingleton<LiveSampler>();
        services.AddSingleton<LiveEndpoint>();
    }

    public static void MapPage(this WebApplication app)
    {
        var hasPage = !app.Services.GetRequiredService<ServerOptions>().NoPage;
        app.MapGet("/", context => IsForBrowser(context.Request) ? PageFiles.Html.WriteAsync(context) : WritePlainAsync(context))
            .WithMetadata(new OpenWithoutKey(IsForBrowser));
        if (!hasPage)
            return;
        app.MapGet(FilesPath + "/live", app.Services.GetRequiredService<LiveEndpoint>().Follow);
        foreach (var file in PageFiles.BesideHtml)
            app.MapGet($"{FilesPath}/{file.Name}", file.WriteAsync).WithMetadata(new OpenWithoutKey(_ => true));

        bool IsForBrowser(HttpRequest request) => hasPage && AcceptHeader.NamesHtml(request);
    }

    /// <summary>Clients that only want to know whether somebody is there ask for this and for nothing else.</summary>
    private static Task WritePlainAsync(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return Results.Text(PlainAnswer).ExecuteAsync(context);
    }
}
