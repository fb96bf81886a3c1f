using System.Net.Mime;
using System.Text.Json;

namespace ActorEmbed.Api.Http.Answers;

/// <summary>
/// An answer that is sent while it is written. Whoever writes a long one asks for a flush between its parts: it costs
/// nothing until enough has gathered, and then waits for a caller that reads slowly.
/// </summary>
internal sealed class JsonAnswer : IAsyncDisposable
{
    /// <summary>
    /// What gathers before it is sent, in bytes: large enough that a flush costs little for each vector, small enough that
    /// memory stays flat for 10,000 of them.
    /// </summary>
    public const int FlushBytes = 64 * 1024;

    private readonly HttpResponse _response;

    /// <param name="response">The status is 200.</param>
    public JsonAnswer(HttpResponse response)
    {
        _response = response;
        response.ContentType = MediaTypeNames.Application.Json;
        Json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = DialectJson.Encoder });
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Sends what has been written, if it is enough.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public ValueTask FlushIfFullAsync() =>
        // The JSON writer hands full segments to the pipe by itself: those count too.
        Json.BytesPending + _response.BodyWriter.UnflushedBytes < FlushBytes ? ValueTask.CompletedTask : FlushAsync();

    /// <summary>
    /// Nothing more is written. An answer of which nothing has been sent goes out in one piece and with its length; the
    /// server sends what is left of it when the request ends.
    /// </summary>
    public void End()
    {
        Json.Flush();
        if (!_response.HasStarted)
            _response.ContentLength = Json.BytesCommitted;
    }

    public ValueTask DisposeAsync() => Json.DisposeAsync();

    private async ValueTask FlushAsync()
    {
        // The JSON writer's flush hands over to the pipe; the pipe's own waits for a caller that reads slowly.
        Json.Flush();
        await _response.BodyWriter.FlushAsync(_response.HttpContext.RequestAborted);
        _response.HttpContext.RequestAborted.ThrowIfCancellationRequested();
    }
}
