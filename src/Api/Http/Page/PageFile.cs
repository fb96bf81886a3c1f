using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ActorEmbed.Api.Http.Page;

/// <summary>One of the files that the page is made of. They are the same for every server of a version, and say nothing of this one.</summary>
internal sealed class PageFile
{
    // Scripts, styles and requests of this server's own, and nothing else: whatever a pasted text is taken for, it runs nothing
    // and reaches no other machine.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; worker-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly byte[] _bytes;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    public PageFile(string name, byte[] bytes)
    {
        Name = name;
        _bytes = bytes;
        _contentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new NotSupportedException($"What is the content type of {other}?"),
        };
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }

    public string Name { get; }

    public Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Asked for again each time, and sent again only where it has changed: a page of one version never meets scripts of another.
        headers.CacheControl = "no-cache";
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return Results.Bytes(_bytes, _contentType, entityTag: _tag).ExecuteAsync(context);
    }
}
