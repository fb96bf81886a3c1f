using System.Diagnostics;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// A line for each request, where it is asked for. The route as it is declared, not the path as it was sent: nothing
/// that a caller wrote comes into the log.
/// </summary>
internal sealed class AccessLog(ILogger<AccessLog> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            log.LogInformation(
                "{Method} {Route} {Status} in {Milliseconds:F1} ms, {RequestBytes} bytes from {Caller}",
                KnownMethod(context.Request.Method), route, context.Response.StatusCode, Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                context.Request.ContentLength, context.Connection.RemoteIpAddress?.ToString() ?? "the socket");
        }
    }

    private static string KnownMethod(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? method : "(other)";
}
