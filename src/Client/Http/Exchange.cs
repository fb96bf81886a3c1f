using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;

namespace ActorEmbed.Client.Http;

/// <summary>A request and its answer, checked and read; whatever goes wrong is an <see cref="ActorEmbedException"/>.</summary>
/// <param name="http">Retries included.</param>
/// <param name="options">The client's.</param>
/// <param name="time">For dates in headers.</param>
internal sealed class Exchange(HttpClient http, ActorEmbedClientOptions options, TimeProvider time) : IDisposable
{
    private static readonly MediaTypeWithQualityHeaderValue Json = new(MediaTypeNames.Application.Json);

    private volatile bool _isDisposed;

    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(ActorEmbedClient));

    /// <summary>Sends a request, and reads the body of a 200.</summary>
    /// <param name="request">Without a token; JSON is asked for where it asks for nothing.</param>
    /// <param name="read">Its <see cref="FormatException"/> or <see cref="JsonException"/> says why the answer is not usable.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, byte[], T> read, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (request.Headers.Accept.Count == 0)
            request.Headers.Accept.Add(Json);
        if (options.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            throw Failures.Of(response, body, request, time);
        try
        {
            return read(response, body);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Failures.Unusable(e is JsonException ? $"it is not the expected JSON ({e.Message})" : e.Message, request, e);
        }
    }

    /// <summary>Ends what is in flight and closes the connections.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        http.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_isDisposed && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(ActorEmbedClient), "The client was disposed while a request was in flight.");
        }
        catch (Exception e) when (Failures.Of(e, request, options.Timeout) is { } failure)
        {
            throw failure;
        }
    }
}
