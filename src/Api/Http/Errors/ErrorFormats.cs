using Microsoft.AspNetCore.Diagnostics;

namespace ActorEmbed.Api.Http.Errors;

/// <summary>
/// Which words a request's failure is told in: those that its endpoint carries as metadata, or, where no endpoint was
/// found, those of the endpoints whose paths begin as its own does.
/// </summary>
internal sealed class ErrorFormats(EndpointDataSource endpoints)
{
    private readonly Lazy<Dictionary<string, ErrorFormat>> _byFirstSegment = new(() => FirstSegments(endpoints));

    /// <summary>Notes that a request has turned out to be in other words than its endpoint says.</summary>
    public static void Set(HttpContext context, ErrorFormat format) => context.Features.Set(format);

    /// <summary>The endpoint of a request, also after an exception: the exception handler takes it off the request.</summary>
    public static Endpoint? EndpointOf(HttpContext context) =>
        context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;

    /// <summary>The route of a request as it is declared: what stands in logs instead of the path as it was sent.</summary>
    public static string RouteOf(HttpContext context) => (EndpointOf(context) as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";

    /// <summary>The format for whoever sent this request.</summary>
    public ErrorFormat For(HttpContext context) =>
        context.Features.Get<ErrorFormat>()
        ?? EndpointOf(context)?.Metadata.GetMetadata<ErrorFormat>()
        ?? _byFirstSegment.Value.GetValueOrDefault(FirstSegment(context.Request.Path))
        ?? ProblemFormat.Instance;

    private static Dictionary<string, ErrorFormat> FirstSegments(EndpointDataSource endpoints)
    {
        var formats = new Dictionary<string, ErrorFormat>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<ErrorFormat>() is { } format)
                formats.TryAdd(FirstSegment("/" + endpoint.RoutePattern.RawText!.TrimStart('/')), format);
        }

        return formats;
    }

    private static string FirstSegment(PathString path)
    {
        var text = path.Value ?? "/";
        var end = text.IndexOf('/', Math.Min(1, text.Length));
        return end < 0 ? text : text[..end];
    }
}
