using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// The two calls of the hub that a pull needs. The file list comes from <c>/api/models/ID/revision/REVISION</c> and not
/// from <c>/tree</c>: one answer names the commit and all files of it, so nothing can change in between, and it has no
/// pages. Redirects are followed here, as the token may go to the hub only.
/// </summary>
internal sealed class HubApi(HttpClient client, HubOptions options, HubErrors errors, TimeProvider time)
{
    /// <summary>A file passes the hub, perhaps a renamed repository, and the CDN.</summary>
    private const int MaxRedirects = 5;

    /// <summary>The largest listings, of 100,000 files, are about 20 MB.</summary>
    private const int MaxListingBytes = 64 << 20;

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "actorembed", typeof(HubApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0]);

    private string Base => options.Endpoint.ToString().TrimEnd('/');

    /// <summary>The files of a revision.</summary>
    public async Task<RepositoryListing> ListAsync(ModelReference reference, CancellationToken cancellation)
    {
        var address = new Uri($"{Base}/api/models/{reference.Id}/revision/{Uri.EscapeDataString(reference.Revision)}?blobs=true");
        const string what = "the file list";
        return await ExchangeAsync(address, what, async watch =>
        {
            using var response = await SendAsync(address, 0, reference, what, watch).ConfigureAwait(false);
            using var body = new MemoryStream();
            var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var buffer = new byte[64 << 10];
                for (int read; (read = await stream.ReadAsync(buffer, watch.Token).ConfigureAwait(false)) > 0;)
                {
                    watch.Reset();
                    body.Write(buffer, 0, read);
                    if (body.Length > MaxListingBytes)
                        throw new ModelPullException(PullFailure.Protocol, $"The file list of {reference.Id} has no end: check HF_ENDPOINT.");
                }
            }

            return RepositoryListing.Parse(body.ToArray());
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for a file from an offset on, and hands the answer (200, 206 or 416) to the reader.</summary>
    public Task ReadFileAsync(
        ModelReference reference, string commit, HubFile file, long offset,
        Func<HttpResponseMessage, StallWatch, Task> read, CancellationToken cancellation)
    {
        var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var address = new Uri($"{Base}/{reference.Id}/resolve/{commit}/{path}");
        return ExchangeAsync(address, file.Path, async watch =>
        {
            using var response = await SendAsync(address, offset, reference, file.Path, watch).ConfigureAwait(false);
            await read(response, watch).ConfigureAwait(false);
            return true;
        }, cancellation);
    }

    /// <summary>Turns whatever ends the exchange early into a failure that may be tried again.</summary>
    private async Task<T> ExchangeAsync<T>(
        Uri address, string what, Func<StallWatch, Task<T>> exchange, CancellationToken cancellation)
    {
        using var watch = new StallWatch(options.StallTimeout, time, cancellation);
        try
        {
            return await exchange(watch).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
                                  && (e is OperationCanceledException
                                      || (watch.HasStalled && e is HttpRequestException or IOException)))
        {
            throw errors.Stalled(watch.Peer ?? address, what, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw HubErrors.FromNetwork(e, watch.Peer ?? address, what);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Uri address, long offset, ModelReference reference, string what, StallWatch watch)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            watch.Peer = address;
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(UserAgent);
            // A compressed answer has other bytes than the hash was made of, and its ranges count other bytes.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            // No If-Range: what a commit's file holds never changes, and the hash of the whole is checked anyway.
            if (offset > 0)
                request.Headers.Range = new RangeHeaderValue(offset, null);
            var isHub = IsHub(address);
            if (isHub && options.Token is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token)
                .ConfigureAwait(false);
            watch.Reset();
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return response;
            using (response)
            {
                address = Redirect(response, address)
                          ?? throw (isHub ? errors.FromHub(response, reference, what) : errors.FromFileServer(response, address, what));
            }
        }

        throw new ModelPullException(
            PullFailure.Protocol, $"{what} of {reference.Id} is redirected without end: check HF_ENDPOINT.");
    }

    private bool IsHub(Uri address) =>
        Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped,
            StringComparison.OrdinalIgnoreCase) == 0;

    private static Uri? Redirect(HttpResponseMessage response, Uri address)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            return null;
        var target = new Uri(address, location);
        var isDowngrade = address.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps;
        return target.Scheme is not ("http" or "https") || isDowngrade
            ? throw new ModelPullException(
                PullFailure.Protocol, $"{address.Authority} redirects to an unsafe address ({target.Scheme}://{target.Authority}): check HF_ENDPOINT.")
            : target;
    }
}
