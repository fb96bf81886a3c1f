using System.Diagnostics;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Gives a body to what Kestrel answers by itself, before it has read enough to call anybody: a malformed request line or
/// header, headers that are too many, too large or too slow. Kestrel tells of each in an event and then sends the status
/// alone, unless the answer has been started by then. The path may not have been read, so the form is that of this
/// server's own routes.
/// </summary>
internal sealed class UnreadableRequests : IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static IDisposable Watch(DiagnosticListener kestrel) => kestrel.Subscribe(new UnreadableRequests(), name => name == BadRequestEvent);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection request && request.Get<IHttpResponseFeature>() is { HasStarted: false } response
            && request.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error)
        {
            Answer(request, response, error);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void Answer(IFeatureCollection request, IHttpResponseFeature response, BadHttpRequestException error)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new ProblemDetails
        {
            Status = error.StatusCode,
            Title = ReasonPhrases.GetReasonPhrase(error.StatusCode),
            Detail = error.Message,
        });
        response.Headers.ContentType = MediaTypeNames.Application.ProblemJson;
        response.Headers.ContentLength = body.Length;
        response.Headers.Server = ServerHeader.Value;
        // What follows cannot be understood either.
        response.Headers.Connection = "close";
        // Neither waits: there is no room to wait for in a connection that has been answered before.
        _ = request.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync();
        // There is no writer for a body before a request has been read. The connection's own takes what follows the headers.
        if (!HttpMethods.IsHead(request.Get<IHttpRequestFeature>()?.Method ?? ""))
            _ = request.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.WriteAsync(body).AsTask();
    }
}
