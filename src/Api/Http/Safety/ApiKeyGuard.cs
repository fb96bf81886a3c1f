using System.Security.Cryptography;
using System.Text;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>Wants the API key as a bearer token on every route but health, where one is set.</summary>
internal sealed class ApiKeyGuard(ServerOptions options)
{
    private const string Scheme = "Bearer ";
    private static readonly PathString Health = "/health";

    // Hashes have one length, so comparing them tells nothing of the key's length either.
    private readonly byte[]? _keyHash = options.ApiKey is { } key ? HashOf(key) : null;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_keyHash is null || context.Request.Path.StartsWithSegments(Health) || HasKey(context.Request.Headers.Authorization.ToString()))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusal.WriteAsync(
            context, StatusCodes.Status401Unauthorized, "The API key is missing or wrong: send 'Authorization: Bearer KEY'.");
    }

    private bool HasKey(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(HashOf(authorization[Scheme.Length..].Trim()), _keyHash);

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
