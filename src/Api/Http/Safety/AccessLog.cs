using System.Diagnostics;
using ActorEmbed.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// A line for each request, where it is asked for. The route as it is declared, not the path as it was sent: nothing
/// that a caller wrote comes into the log. Stands around all that may answer, and so has the status that was sent.
/// </summary>
internal sealed class AccessLog(ILogger<AccessLog> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var start = Stopwatch.GetTimestamp();
        var method = KnownMethod(context.Request.Method);
        try
        {
            await next(context);
        }
        finally
        {
            var received = (context.Features.Get<IRequestBodyPipeFeature>() as BudgetedBody)?.ReceivedBytes ?? 0;
            log.LogInformation(
                "{Method} {Route} {Status} in {Milliseconds:F1} ms, {RequestBytes} bytes from {Caller}",
                method, ErrorFormats.RouteOf(context), context.Response.StatusCode, Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                received, context.Connection.RemoteIpAddress?.ToString() ?? "the socket");
        }
    }

    private static string KnownMethod(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? method : "(other)";
}
