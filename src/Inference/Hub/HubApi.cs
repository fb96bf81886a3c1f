using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// The calls of the hub that a pull needs. The file list comes from <c>/api/models/ID/revision/REVISION</c>: one answer
/// names the commit and its files with their hashes. Where that list is cut short, or a mirror gives it without hashes,
/// <c>/tree</c> of the commit tells the rest, and what no list tells comes from the headers of the file itself. Redirects
/// are followed here, as the token may go to the hub only.
/// </summary>
internal sealed partial class HubApi(HttpClient client, HubOptions options, HubErrors errors, TimeProvider time)
{
    /// <summary>A file passes the hub, perhaps a renamed repository, and the CDN.</summary>
    private const int MaxRedirects = 5;

    /// <summary>The largest listings, of 100,000 files, are about 20 MB.</summary>
    private const int MaxListingBytes = 64 << 20;

    /// <summary>Of 1,000 files each, as the hub has them.</summary>
    private const int MaxPages = 200;

    private const string ListName = "the file list";

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "actorembed", typeof(HubApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0]);

    private volatile bool _isTokenRefused;

    /// <summary>Whether the token of the token file was refused, and everything since was asked for without one.</summary>
    public bool IsTokenRefused => _isTokenRefused;

    private string Base => options.Endpoint.ToString().TrimEnd('/');

    /// <summary>The files of a revision.</summary>
    public async Task<RepositoryListing> ListAsync(ModelReference reference, CancellationToken cancellation)
    {
        var address = $"{Base}/api/models/{reference.Id}/revision/{Uri.EscapeDataString(reference.Revision)}";
        byte[] json;
        try
        {
            (json, _) = await GetListAsync(new Uri(address + "?blobs=true"), reference, cancellation).ConfigureAwait(false);
        }
        catch (ModelPullException e) when (e.IsUnexplained)
        {
            // Some mirrors know the path and not the query.
            (json, _) = await GetListAsync(new Uri(address), reference, cancellation).ConfigureAwait(false);
        }

        var listing = RepositoryListing.Parse(json);
        return listing.IsWhole && listing.Files.Values.Any(file => file.Known is not null)
            ? listing
            : await WithTreeAsync(reference, listing, cancellation).ConfigureAwait(false);
    }

    /// <summary>The same commit with the files of its tree, which has pages and is never cut short.</summary>
    public async Task<RepositoryListing> WithTreeAsync(
        ModelReference reference, RepositoryListing listing, CancellationToken cancellation)
    {
        var files = new List<ListedFile>();
        Uri? next = new($"{Base}/api/models/{reference.Id}/tree/{listing.Commit}?recursive=true&expand=false");
        try
        {
            for (var page = 0; next is not null; page++)
            {
                if (page == MaxPages)
                    throw new ModelPullException(PullFailure.Protocol, $"The file list of {reference.Id} has no end: check HF_ENDPOINT.");
                (var json, next) = await GetListAsync(next, reference, cancellation).ConfigureAwait(false);
                files.AddRange(RepositoryListing.ParseTreePage(json));
            }
        }
        catch (ModelPullException e) when (e.IsUnexplained)
        {
            // A mirror without trees: what the first list says has to do.
            return listing.Files.Count > 0 ? listing : throw HubJson.Wrong("has no list 'siblings' with a usable file, and the commit no tree", e);
        }

        return listing.WithTree(files);
    }

    /// <summary>Size and hash of a file that no list tells, from the headers of its address.</summary>
    public async Task<HubFile> DescribeAsync(ModelReference reference, string commit, string path, CancellationToken cancellation)
    {
        var call = new HubCall(HttpMethod.Head, AddressOf(reference, commit, path), reference, path);
        return await ExchangeAsync(call, async watch =>
        {
            using var response = await SendAsync(call, watch).ConfigureAwait(false);
            var hash = (Header(response, "X-Linked-ETag") ?? Header(response, "ETag") ?? "").Replace("W/", "", StringComparison.Ordinal).Trim('"');
            var digest = BlobDigest.TryLargeFile(hash) ?? BlobDigest.TryGit(hash);
            // The length of a redirect is that of the redirect.
            var size = long.TryParse(Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var linked) ? linked
                : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
            return digest is not null && size is >= 0
                ? new HubFile(path, size.Value, digest)
                : throw new ModelPullException(
                    PullFailure.Protocol,
                    $"{call.Address.Authority} tells neither in its lists nor in the headers of {path} which size and hash that file has: " +
                    "HF_ENDPOINT must point at a server that speaks the hub's API.");
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for a file from an offset on, and hands the answer (200, 206 or 416) to the reader.</summary>
    public Task ReadFileAsync(
        ModelReference reference, string commit, HubFile file, long offset,
        Func<HttpResponseMessage, StallWatch, Task> read, CancellationToken cancellation)
    {
        var call = new HubCall(HttpMethod.Get, AddressOf(reference, commit, file.Path), reference, file.Path) { Offset = offset };
        return ExchangeAsync(call, async watch =>
        {
            using var response = await SendAsync(call, watch).ConfigureAwait(false);
            await read(response, watch).ConfigureAwait(false);
            return true;
        }, cancellation);
    }

    private Uri AddressOf(ModelReference reference, string commit, string path) =>
        new($"{Base}/{reference.Id}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    /// <returns>The list, and the address of its next page where there is one.</returns>
    private Task<(byte[] Json, Uri? Next)> GetListAsync(Uri address, ModelReference reference, CancellationToken cancellation)
    {
        var call = new HubCall(HttpMethod.Get, address, reference, ListName) { IsList = true };
        return ExchangeAsync(call, async watch =>
        {
            using var response = await SendAsync(call, watch).ConfigureAwait(false);
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

            return (body.ToArray(), NextPage(response, address));
        }, cancellation);
    }

    /// <summary>Turns whatever ends the exchange early into a failure that may be tried again.</summary>
    private async Task<T> ExchangeAsync<T>(HubCall call, Func<StallWatch, Task<T>> exchange, CancellationToken cancellation)
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
        options.TokenFile is not null && response.StatusCode == HttpStatusCode.Unauthorized && Header(response, HubErrors.ErrorCode) is null;

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

    /// <summary>Where the list goes on, which is where it came from.</summary>
    private static Uri? NextPage(HttpResponseMessage response, Uri address)
    {
        var answered = response.RequestMessage?.RequestUri ?? address;
        if (Header(response, "Link") is not { } link || NextPattern().Match(link) is not { Success: true } match
            || !Uri.TryCreate(answered, match.Groups["address"].Value, out var next))
            return null;
        return Uri.Compare(next, answered, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? next
            : throw new ModelPullException(PullFailure.Protocol, $"{answered.Authority} continues its file list at {next.Authority}: check HF_ENDPOINT.");
    }

    private static string? Header(HttpResponseMessage response, string name) => HubErrors.Header(response, name);

    [GeneratedRegex("""<(?<address>[^>]+)>\s*;\s*rel="?next"?""")]
    private static partial Regex NextPattern();
}
