using System.Security.Cryptography;
using System.Text;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Wants the API key on every route but health and those that say <see cref="OpenWithoutKey"/>, where one is set: as a bearer
/// token, or in the header that Azure's clients have for it.
/// </summary>
internal sealed class ApiKeyGuard(ServerOptions options)
{
    private const string Scheme = "Bearer ";
    private const string AzureHeader = "api-key";
    private static readonly PathString Health = "/health";

    // Hashes have one length, so comparing them tells nothing of the key's length either.
    private readonly byte[]? _keyHash = options.ApiKey is { } key ? HashOf(key) : null;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_keyHash is null || IsOpen(context) || HasKey(context.Request.Headers))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusal.WriteAsync(
            context, StatusCodes.Status401Unauthorized, "The API key is missing or wrong: send 'Authorization: Bearer KEY'.");
    }

    private static bool IsOpen(HttpContext context) =>
        context.Request.Path.StartsWithSegments(Health)
        || context.GetEndpoint()?.Metadata.GetMetadata<OpenWithoutKey>() is { } open && open.To(context.Request);

    private bool HasKey(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        return (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && IsKey(authorization[Scheme.Length..]))
            || (headers.TryGetValue(AzureHeader, out var key) && IsKey(key.ToString()));
    }

    private bool IsKey(string given) => CryptographicOperations.FixedTimeEquals(HashOf(given.Trim()), _keyHash);

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
