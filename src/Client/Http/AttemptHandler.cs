namespace ActorEmbed.Client.Http;

/// <summary>Counts an attempt and sends it to where the server is by now. Stands inside the retries, outside the time-out.</summary>
internal sealed class AttemptHandler(IServerAddress address, TimeSpan patience) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Attempts.Count(request);
        var server = await address.GetAsync(Attempts.IsAskedOnce(request) ? TimeSpan.Zero : patience, cancellationToken).ConfigureAwait(false);
        request.RequestUri = new Uri(server, request.RequestUri!.Segments[^1]);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
