using ActorEmbed.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Bounds the memory of bodies that are being read at the same time. Where a request states its length the decision is
/// made before the first byte is read; otherwise bytes are counted as they come.
/// </summary>
internal sealed class BodyBudget(ServerOptions options)
{
    // The bodies that are in the way arrive at the speed of the network: a second is long for that.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private long _reserved;

    /// <summary>Bytes that are taken at the moment.</summary>
    public long ReservedBytes => Interlocked.Read(ref _reserved);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // More than the limit of one body is the endpoint's to refuse, before it reads anything.
        var stated = Math.Min(context.Request.ContentLength ?? 0, options.MaxBodyBytes);
        if (!TryReserve(stated))
        {
            await RefuseAsync(context);
            return;
        }

        await using var body = new BudgetedBody(context.Request.BodyReader, this, stated);
        context.Features.Set<IRequestBodyPipeFeature>(body);
        try
        {
            await next(context);
        }
        catch (BodyBudgetExceededException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context);
        }
    }

    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _reserved, bytes) <= options.MaxBodyBytesInTotal)
            return true;
        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _reserved, -bytes);

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
