using System.Globalization;
using ActorEmbed.Actors.Messages;
using Akka.Actor;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace ActorEmbed.Api.Http.Errors;

/// <summary>
/// The one place where something that went wrong becomes a <see cref="Failure"/>; the caller's dialect then words it.
/// </summary>
internal sealed class Problems(ErrorFormats formats, ILogger<Problems> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var failure = exception switch
        {
            BadRequestException bad => new Failure(bad.Status, bad.Message) { Field = bad.FieldName, Index = bad.Index },
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                new(StatusCodes.Status413PayloadTooLarge, "The body is larger than this server takes; send several requests.") { Field = "body" },
            BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
            ModelUnavailableException unavailable => new(StatusCodes.Status503ServiceUnavailable, PublicReason.Of(unavailable.Message)) { RetryAfter = unavailable.RetryAfter },
            AskTimeoutException => new(StatusCodes.Status504GatewayTimeout, "The service did not answer in time."),
            // However a broken connection shows itself: nobody reads the answer, and nothing is wrong here.
            ConnectionResetException or ConnectionAbortedException => new(Failure.CallerGone, "The caller has gone."),
            _ when context.RequestAborted.IsCancellationRequested => new(Failure.CallerGone, "The caller has gone."),
            _ => new Failure(StatusCodes.Status500InternalServerError, $"An internal error; the server's log has its cause under {context.TraceIdentifier}."),
        };
        if (failure.Status == StatusCodes.Status500InternalServerError)
            log.LogError(exception, "{RequestId}: {Route} failed", context.TraceIdentifier, ErrorFormats.RouteOf(context));
        if (failure.Status == Failure.CallerGone)
        {
            // Nobody reads an answer; and without this Kestrel would look for the rest of a body that broke off, and fail.
            context.Response.StatusCode = Failure.CallerGone;
            context.Abort();
            return true;
        }

        // What is left of a body that comes too slowly is not waited for.
        if (failure.Status == StatusCodes.Status408RequestTimeout)
            context.Response.Headers.Connection = "close";

        await WriteAsync(context, failure);
        return true;
    }

    /// <summary>Answers a request that the router rejected.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rejected">Why.</param>
    /// <param name="place">Where in the body the fault is.</param>
    public Task WriteAsync(HttpContext context, EmbedRejected rejected, (string? Field, int? Index) place) =>
        WriteAsync(context, new Failure(StatusOf(rejected.Reason), MessageOf(context, rejected))
        {
            Field = place.Field,
            Index = place.Index,
            IsOverload = rejected.Reason == RejectionReason.Overloaded,
            IsTooLong = rejected.Reason == RejectionReason.TextTooLong,
            IsInference = rejected.Reason == RejectionReason.TextFailed,
            IsWrongKind = rejected.Reason == RejectionReason.WrongKind,
            RetryAfter = rejected.RetryAfter,
        });

    /// <summary>What a caller learns: nothing of the inside of this server, and nothing of the machine.</summary>
    private string MessageOf(HttpContext context, EmbedRejected rejected)
    {
        if (rejected.Reason == RejectionReason.ModelFailed)
            return PublicReason.Of(rejected.Message);
        if (rejected.Reason != RejectionReason.TextFailed)
            return rejected.Message;
        log.LogWarning("{RequestId}: {Cause}", context.TraceIdentifier, rejected.Message);
        return $"Inference failed on this text; the server's log has the cause under {context.TraceIdentifier}.";
    }

    /// <summary>Gives a body to an answer that has only a status: an unknown path, a wrong method.</summary>
    public Task WriteAsync(StatusCodeContext bare)
    {
        var context = bare.HttpContext;
        var status = context.Response.StatusCode;
        return WriteAsync(context, new Failure(status, status switch
        {
            StatusCodes.Status404NotFound => $"There is no {Quoted.Of(context.Request.Path)} here.",
            StatusCodes.Status405MethodNotAllowed => $"{Quoted.Of(context.Request.Path)} does not take {Quoted.Of(context.Request.Method)}.",
            _ => ReasonPhrases.GetReasonPhrase(status),
        }));
    }

    /// <summary>Answers a request in the dialect of its caller.</summary>
    public Task WriteAsync(HttpContext context, Failure failure)
    {
        var format = formats.For(context);
        context.Response.StatusCode = format.StatusOf(failure);
        if (failure.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return format.WriteBodyAsync(context, failure);
    }

    private static int StatusOf(RejectionReason reason) => reason switch
    {
        RejectionReason.InvalidRequest or RejectionReason.UnknownPrompt or RejectionReason.TextTooLong or RejectionReason.TooManyDimensions
            or RejectionReason.WrongKind => StatusCodes.Status422UnprocessableEntity,
        RejectionReason.WrongModel => StatusCodes.Status404NotFound,
        RejectionReason.Cancelled => Failure.CallerGone,
        RejectionReason.TextFailed => StatusCodes.Status500InternalServerError,
        RejectionReason.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        RejectionReason.Overloaded or RejectionReason.ModelFailed or RejectionReason.Stopping => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };
}
