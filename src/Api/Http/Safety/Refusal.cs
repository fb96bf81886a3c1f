using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>Answers a request that must not reach an endpoint, in the caller's dialect.</summary>
internal static class Refusal
{
    public static Task WriteAsync(HttpContext context, int status, string detail) => WriteAsync(context, new Failure(status, detail));

    public static Task WriteAsync(HttpContext context, Failure failure) =>
        context.RequestServices.GetRequiredService<Problems>().WriteAsync(context, failure);
}
