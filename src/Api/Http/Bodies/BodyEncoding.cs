using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RequestDecompression;

namespace ActorEmbed.Api.Http.Bodies;

/// <summary>How a body is compressed, as its Content-Encoding says.</summary>
/// <param name="Name">Such as <c>gzip</c>.</param>
internal sealed record BodyEncoding(string Name)
{
    private const string None = "identity";
    private static readonly string[] Known = ["gzip", "x-gzip", "deflate", "br"];

    public static void Configure(RequestDecompressionOptions options) =>
        // The older name of the same (RFC 9110, section 8.4.1.3).
        options.DecompressionProviders["x-gzip"] = options.DecompressionProviders["gzip"];

    /// <summary>
    /// Notes the name for the errors of whoever reads the body, before the middleware that decompresses takes the header
    /// away; that one lets what it does not know pass as it is.
    /// </summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var name = context.Request.Headers.ContentEncoding.ToString().Trim();
        if (name.Length == 0 || name.Equals(None, StringComparison.OrdinalIgnoreCase)
            || context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return next(context);
        }

        if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new Errors.BadRequestException(
                StatusCodes.Status415UnsupportedMediaType,
                $"A body with the content encoding '{Errors.Quoted.Of(name)}' is not read here; gzip, deflate and br are.",
                "Content-Encoding");
        }

        context.Features.Set(new BodyEncoding(name));
        return next(context);
    }
}
