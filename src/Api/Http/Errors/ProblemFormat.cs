using Microsoft.AspNetCore.Mvc;

namespace ActorEmbed.Api.Http.Errors;

/// <summary>
/// A problem document (RFC 9457), with <c>field</c> and <c>index</c>. The clients of /embed never repeat a 4xx and do
/// repeat a 5xx, so what may pass by itself is a 5xx.
/// </summary>
internal sealed class ProblemFormat : ErrorFormat
{
    public static readonly ProblemFormat Instance = new();

    public override Task WriteBodyAsync(HttpContext context, Failure failure)
    {
        var problem = new ProblemDetails { Status = context.Response.StatusCode, Detail = failure.Message };
        if (failure.Field is not null)
            problem.Extensions["field"] = failure.Field;
        if (failure.Index is not null)
            problem.Extensions["index"] = failure.Index;
        // Not by the service for problems: it throws where the caller accepts no JSON, who has to learn of it all the same.
        return Results.Problem(problem).ExecuteAsync(context);
    }
}
