using Microsoft.AspNetCore.Mvc;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>Answers a request that must not reach an endpoint, as a problem document.</summary>
internal static class Refusal
{
    public static async Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(
            new ProblemDetailsContext { HttpContext = context, ProblemDetails = new ProblemDetails { Status = status, Detail = detail } });
    }
}
