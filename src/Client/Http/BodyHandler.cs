namespace ActorEmbed.Client.Http;

/// <summary>
/// Reads the whole body before the answer counts as one: so the time-out covers it, and a reset in its middle is
/// retried as any other.
/// </summary>
internal sealed class BodyHandler : DelegatingHandler
{
    // 64 texts of 4,096 dimensions are 6 MB in JSON; a body of this size comes from something that is no such server.
    private const long LargestBodyBytes = 256 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestBodyBytes, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
