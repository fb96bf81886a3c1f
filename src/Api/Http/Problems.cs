using System.Globalization;
using ActorEmbed.Actors.Messages;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ActorEmbed.Api.Http;

/// <summary>The one place where a failure becomes a status code and a problem document (RFC 9457).</summary>
internal sealed class Problems(IProblemDetailsService writer, ILogger<Problems> log) : IExceptionHandler
{
    /// <summary>What the nginx project uses for a caller that has gone; nobody reads it, but an access log may.</summary>
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadRequestException bad => Problem(bad.Status, bad.Message, bad.FieldName, bad.Index),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                Problem(StatusCodes.Status413PayloadTooLarge, "The body is larger than this server takes; send several requests.", "body"),
            BadHttpRequestException bad => Problem(bad.StatusCode, bad.Message),
            OperationCanceledException when context.RequestAborted.IsCancellationRequested => Problem(ClientClosedRequest, "The caller has gone."),
            _ => Problem(StatusCodes.Status500InternalServerError, "An internal error; the server's log has its cause."),
        };
        if (problem.Status == StatusCodes.Status500InternalServerError)
            log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);

        await WriteAsync(context, problem);
        return true;
    }

    /// <summary>
    /// Answers a request that the router rejected. The clients of /embed never repeat a 4xx and do repeat a 5xx, so
    /// what may pass by itself is a 5xx.
    /// </summary>
    public Task WriteAsync(HttpContext context, EmbedRejected rejected)
    {
        var status = rejected.Reason switch
        {
            RejectionReason.InvalidRequest => StatusCodes.Status422UnprocessableEntity,
            RejectionReason.Cancelled => ClientClosedRequest,
            RejectionReason.TextFailed => StatusCodes.Status500InternalServerError,
            RejectionReason.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
            RejectionReason.Overloaded or RejectionReason.ModelFailed or RejectionReason.Stopping => StatusCodes.Status503ServiceUnavailable,
            _ => throw new ArgumentOutOfRangeException(nameof(rejected), rejected.Reason, "Unknown reason."),
        };
        if (rejected.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, Problem(status, rejected.Message, rejected.TextIndex is null ? null : "texts", rejected.TextIndex));
    }

    private async Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status!.Value;
        await writer.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static ProblemDetails Problem(int status, string detail, string? field = null, int? index = null)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail };
        if (field is not null)
            problem.Extensions["field"] = field;
        if (index is not null)
            problem.Extensions["index"] = index;
        return problem;
    }
}
