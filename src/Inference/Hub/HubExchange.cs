using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// One question to the hub and its answer, read in time. Redirects are followed here, as the token may go to the hub only.
/// </summary>
internal sealed class HubExchange(HttpClient client, HubOptions options, HubErrors errors, TimeProvider time)
{
    /// <summary>A file passes the hub, perhaps a renamed repository, and the CDN.</summary>
    private const int MaxRedirects = 5;

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "actorembed", typeof(HubApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0]);

    private volatile bool _isTokenRefused;

    /// <summary>Whether the token of the token file was refused, and everything since was asked for without one.</summary>
    public bool IsTokenRefused => _isTokenRefused;

    /// <summary>Asks, and turns whatever ends the exchange early into a failure that may be tried again.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="read">Reads the answer: a success, 416, or for HEAD the hub's own redirect to another host.</param>
    /// <param name="cancellation">Cancelled when nobody wants the answer any more.</param>
    /// <exception cref="ModelPullException">There is no such answer, or it ended early.</exception>
    public async Task<T> RunAsync<T>(HubCall call, Func<HttpResponseMessage, StallWatch, Task<T>> read, CancellationToken cancellation)
    {
        using var watch = new StallWatch(options.StallTimeout, time, cancellation);
        try
        {
            using var response = await SendAsync(call, watch).ConfigureAwait(false);
            return await read(response, watch).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
                                  && (e is OperationCanceledException
                                      || (watch.HasStalled && e is HttpRequestException or IOException)))
        {
            throw errors.Stalled(watch.Peer ?? call.Address, call.What, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw HubErrors.FromNetwork(e, watch.Peer ?? call.Address, call.What);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HubCall call, StallWatch watch)
    {
        var address = call.Address;
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            watch.Peer = address;
            var isHub = IsHub(address);
            var token = isHub && !_isTokenRefused ? options.Token : null;
            using var request = Request(call, address, token);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token)
                .ConfigureAwait(false);
            watch.Reset();
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return response;
            var target = Redirect(response, address);
            // The headers of the hub's own answer are what such a call is for.
            if (target is not null && call.Method == HttpMethod.Head && !IsHub(target))
                return response;
            using (response)
            {
                if (target is not null)
                    address = KeepQuery(call, address, target);
                else if (token is not null && IsStale(response))
                    _isTokenRefused = true;
                else
                    throw errors.From(response, call, address, new HubErrors.Peer(isHub, token is not null, _isTokenRefused));
            }
        }

        throw new ModelPullException(
            PullFailure.Protocol, $"{call.What} of {call.Reference.Id} is redirected without end: check HF_ENDPOINT.");
    }

    private static HttpRequestMessage Request(HubCall call, Uri address, string? token)
    {
        var request = new HttpRequestMessage(call.Method, address);
        request.Headers.UserAgent.Add(UserAgent);
        // A compressed answer has other bytes than the hash was made of, and its ranges count other bytes.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        // No If-Range: what a commit's file holds never changes, and the hash of the whole is checked anyway.
        if (call.Offset > 0)
            request.Headers.Range = new RangeHeaderValue(call.Offset, null);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    /// <summary>
    /// A login of a browser leaves a token that expires, and the hub then refuses it for public models, too. Only one that
    /// nobody named for this call is left out: who sets HF_TOKEN wants it used.
    /// </summary>
    private bool IsStale(HttpResponseMessage response) =>
        options.TokenFile is not null && response.StatusCode == HttpStatusCode.Unauthorized && HubErrors.Header(response, HubErrors.ErrorCode) is null;

    /// <summary>Whether an address is the hub's, which gets the token: the same origin, or the same host made safer.</summary>
    private bool IsHub(Uri address) =>
        string.Equals(address.Host, options.Endpoint.Host, StringComparison.OrdinalIgnoreCase)
        && ((address.Scheme == options.Endpoint.Scheme && address.Port == options.Endpoint.Port)
            || (options.Endpoint.Scheme == Uri.UriSchemeHttp && options.Endpoint.IsDefaultPort
                && address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort));

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

    /// <summary>A list that lost its query on the way would come without hashes.</summary>
    private static Uri KeepQuery(HubCall call, Uri from, Uri target) =>
        call.IsList && target.Query.Length == 0 && from.Host == target.Host ? new UriBuilder(target) { Query = from.Query }.Uri : target;
}
