using Microsoft.Extensions.Primitives;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Refuses requests of web pages that are not named. Without it, a page of any site could make its visitor's browser
/// compute here: it could not read the answer, but it could keep the machine busy. A browser says where a request comes
/// from, in Origin or Sec-Fetch-Site; other clients say nothing and are let through.
/// </summary>
internal sealed class OriginGuard(ServerOptions options)
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string AnyOrigin = "*";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var origin = context.Request.Headers.Origin;
        var isForeign = StringValues.IsNullOrEmpty(origin)
            ? context.Request.Headers[FetchSite].ToString() is "cross-site" or "same-site" && options.CorsOrigins.Count == 0
            : !IsOwn(context.Request, origin.ToString()) && !IsNamed(origin.ToString());
        return isForeign
            ? Refusal.WriteAsync(
                context, StatusCodes.Status403Forbidden,
                "Web pages of this origin may not call this server; --cors-origin names one that may.")
            : next(context);
    }

    /// <summary>Whether the page came from this server itself. The Host header has been checked before.</summary>
    private static bool IsOwn(HttpRequest request, string origin) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private bool IsNamed(string origin) => options.CorsOrigins.Any(named => named == AnyOrigin || named.Equals(origin, StringComparison.OrdinalIgnoreCase));
}
