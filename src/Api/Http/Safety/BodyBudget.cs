using ActorEmbed.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Bounds the memory of bodies that are being read at the same time. What counts is what has come, not what was announced:
/// an announcement costs its sender nothing, and must not keep others out.
/// </summary>
internal sealed class BodyBudget(ServerOptions options, TimeProvider time, LargeBodyGarbage garbage)
{
    /// <summary>
    /// What each body may have beside the budget, in bytes: a small request is served however many large ones are being
    /// read. 64 KB from each of the 1,000 connections are less than the budget itself.
    /// </summary>
    public const int FreeBytes = 64_000;

    // The bodies that are in the way arrive at the speed of the network: a second is long for that.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ByteBudget _budget = new(options.MaxBodyBytesInTotal);

    /// <summary>Bytes that are taken at the moment.</summary>
    public long TakenBytes => _budget.TakenBytes;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What does not fit now is not worth reading. More than the limit of one body is the endpoint's to refuse.
        if (context.Request.ContentLength is { } stated && stated <= options.MaxBodyBytes && stated - FreeBytes > _budget.LeftBytes)
        {
            await RefuseAsync(context);
            return;
        }

        await using var body = new BudgetedBody(context.Request.BodyReader, this, _budget);
        context.Features.Set<IRequestBodyPipeFeature>(body);
        try
        {
            await next(context);
        }
        catch (BodyBudgetExceededException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context);
        }
        finally
        {
            garbage.Note(body.ReceivedBytes);
        }
    }

    /// <summary>Calls back when a body has had all the time that it gets. Dispose it when the body has been read.</summary>
    public ITimer StartDeadline(Action onPassed) =>
        time.CreateTimer(_ => onPassed(), null, options.BodyTimeout, Timeout.InfiniteTimeSpan);

    private static Task RefuseAsync(HttpContext context)
    {
        // What is left of the body is not worth reading.
        context.Response.Headers.Connection = "close";
        return Refusal.WriteAsync(context, new Failure(StatusCodes.Status503ServiceUnavailable, "Too many large requests are being read; try again later.")
        {
            IsOverload = true,
            RetryAfter = RetryAfter,
        });
    }
}
