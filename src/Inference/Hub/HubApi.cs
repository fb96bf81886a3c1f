using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// The calls of the hub that a pull needs. The file list comes from <c>/api/models/ID/revision/REVISION</c>: one answer
/// names the commit and its files with their hashes. Where that list is cut short, or a mirror gives it without hashes,
/// <c>/tree</c> of the commit tells the rest, and what no list tells comes from the headers of the file itself.
/// </summary>
internal sealed partial class HubApi(HttpClient client, HubOptions options, HubErrors errors, TimeProvider time)
{
    /// <summary>The largest listings, of 100,000 files, are about 20 MB.</summary>
    private const int MaxListingBytes = 64 << 20;

    /// <summary>Of 1,000 files each, as the hub has them.</summary>
    private const int MaxPages = 200;

    private const string ListName = "the file list";

    private readonly HubExchange _exchange = new(client, options, errors, time);

    /// <inheritdoc cref="HubExchange.IsTokenRefused" />
    public bool IsTokenRefused => _exchange.IsTokenRefused;

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
        return await _exchange.RunAsync(call, (response, _) =>
        {
            var hash = (Header(response, "X-Linked-ETag") ?? Header(response, "ETag") ?? "").Replace("W/", "", StringComparison.Ordinal).Trim('"');
            var digest = BlobDigest.TryLargeFile(hash) ?? BlobDigest.TryGit(hash);
            // The length of a redirect is that of the redirect.
            var size = long.TryParse(Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var linked) ? linked
                : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
            return digest is not null && size is >= 0
                ? Task.FromResult(new HubFile(path, size.Value, digest))
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
        return _exchange.RunAsync(call, async (response, watch) =>
        {
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
        return _exchange.RunAsync(call, async (response, watch) =>
        {
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
