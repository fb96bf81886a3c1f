using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ActorEmbed.Inference.Hub;

/// <summary>What the hub's answers and the network's failures mean, said so that a person knows what to do.</summary>
internal sealed class HubErrors(HubOptions options, TimeProvider time)
{
    private const string Kept = "what was downloaded is kept";

    private string Hub => options.Endpoint.ToString().TrimEnd('/');

    /// <summary>Header of the hub that names an error: RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo.</summary>
    public const string ErrorCode = "X-Error-Code";

    /// <summary>Who answered, and what it was told.</summary>
    /// <param name="IsHub">Whether it is the hub that the settings name.</param>
    /// <param name="HadToken">Whether it got the token.</param>
    /// <param name="IsTokenRefused">Whether the token had been refused before.</param>
    public readonly record struct Peer(bool IsHub, bool HadToken, bool IsTokenRefused);

    /// <summary>Explains an answer that is neither a success nor a redirect.</summary>
    public ModelPullException From(HttpResponseMessage response, HubCall call, Uri address, Peer peer) =>
        // A mirror may redirect to the hub itself, whose refusals are no expired addresses.
        peer.IsHub || call.IsList || Header(response, ErrorCode) is not null
            ? FromHub(response, call, address, peer)
            : FromFileServer(response, address, call.What);

    private ModelPullException FromHub(HttpResponseMessage response, HubCall call, Uri address, Peer peer)
    {
        var status = (int)response.StatusCode;
        var code = Header(response, ErrorCode);
        var (reference, what, id) = (call.Reference, call.What, call.Reference.Id);
        var hub = peer.IsHub ? Hub : $"{address.Scheme}://{address.Authority}";
        return (status, code) switch
        {
            (_, "GatedRepo") => new ModelPullException(
                PullFailure.Gated,
                $"{id} is gated ({status}, {what}){Reason(response)}: accept its conditions at {hub}/{id} and set HF_TOKEN to a token " +
                $"of the account that did{Elsewhere(address, peer)}."),
            (401, _) when !peer.HadToken => new ModelPullException(
                PullFailure.Unauthorized,
                $"{id} does not exist on {hub} or is private (401, {what}): check the name; for a private model set " +
                $"HF_TOKEN{(peer.IsTokenRefused ? $", as the token in {options.TokenFile} is refused ('hf auth login' makes a new one)" : "")}{Elsewhere(address, peer)}."),
            (401, _) when options.TokenFile is { } file => new ModelPullException(
                PullFailure.Unauthorized,
                $"{hub} refuses the token in {file} for {id} (401, {what}){Reason(response)}: run 'hf auth login', or set HF_TOKEN, or " +
                "HF_HUB_DISABLE_IMPLICIT_TOKEN=1 for a public model."),
            (401, _) => new ModelPullException(
                PullFailure.Unauthorized,
                $"{hub} refuses the token for {id} (401, {what}){Reason(response)}: check HF_TOKEN, or make a new token at " +
                $"{hub}/settings/tokens."),
            (403, _) => new ModelPullException(
                PullFailure.Unauthorized,
                $"Access to {id} is denied (403, {what}){Reason(response)}: use a token that may read this model " +
                $"(HF_TOKEN){Elsewhere(address, peer)}."),
            (404 or 410, "RevisionNotFound") => new ModelPullException(
                PullFailure.NotFound,
                $"{id} has no revision '{reference.Revision}' ({status}): give a branch, a tag or a full commit hash " +
                "with --revision."),
            (404 or 410, "EntryNotFound") => new ModelPullException(
                PullFailure.NotFound,
                $"{id} lists {what} but does not have it ({status}): the repository changed or is damaged; try again, " +
                "or name another --revision."),
            (404 or 410, _) => new ModelPullException(
                PullFailure.NotFound,
                $"There is no model {id} on {hub} ({status}, {what}): check the name" +
                $"{(peer.HadToken ? "; or it is private, and this token may not read it" : "")}{Elsewhere(address, peer)}.")
            { IsUnexplained = code is null },
            (429, _) => TooMany(response, hub, what),
            (408 or >= 500, _) => ModelPullException.Transient(
                PullFailure.ServerError,
                $"{hub} answers {status} for {what} of {id}{RequestId(response)}",
                $"the server has a problem; try again later, {Kept}", RetryAfter(response)),
            _ => new ModelPullException(
                PullFailure.Protocol,
                $"{hub} answers {status} for {what} of {id}{Reason(response)}: check that HF_ENDPOINT points at a " +
                "server that speaks the hub's API.")
            { IsUnexplained = status == (int)HttpStatusCode.BadRequest && code is null },
        };
    }

    /// <summary>The hub counts over five minutes and says when the count begins anew, in a header of its own.</summary>
    private ModelPullException TooMany(HttpResponseMessage response, string hub, string what)
    {
        var limit = RateLimit.UsedUp(Header(response, "RateLimit"));
        var reason = limit is null
            ? $"{hub} asks to slow down (429, {what})"
            : string.Create(CultureInfo.InvariantCulture, $"{hub} asks to slow down (429, {what}; the limit of '{limit.Bucket}' is used up for {limit.TimeLeft.TotalSeconds:0} s)");
        // A second more: the header counts whole ones.
        return ModelPullException.Transient(
            PullFailure.RateLimited, reason, $"try again in some minutes, {Kept}; with HF_TOKEN set the limits are higher",
            limit is null ? RetryAfter(response) : limit.TimeLeft + TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// Explains an answer of the server that the hub redirected to. Its addresses are signed for a short time, so a 403
    /// means that the address has expired: the hub gives a new one.
    /// </summary>
    private ModelPullException FromFileServer(HttpResponseMessage response, Uri address, string what)
    {
        var status = (int)response.StatusCode;
        var reason = $"The file server {address.Authority} answers {status} for {what}{RequestId(response)}";
        return status is 403 or 408 or 429 or >= 500
            ? ModelPullException.Transient(
                status == (int)HttpStatusCode.TooManyRequests ? PullFailure.RateLimited : PullFailure.ServerError,
                reason, $"try again later, {Kept}", RetryAfter(response))
            : new ModelPullException(PullFailure.ServerError, $"{reason}: check what a proxy, a firewall or the mirror of HF_ENDPOINT puts in between; {Kept}.");
    }

    /// <summary>Explains an exchange that did not come to its end.</summary>
    public static ModelPullException FromNetwork(Exception exception, Uri address, string what)
    {
        var cause = Innermost(exception);
        if (cause is AuthenticationException)
        {
            // Trying again does not make a certificate valid.
            return new ModelPullException(
                PullFailure.Network,
                $"No trusted connection to {address.Authority} for {what}: {Sentence(cause)}. Check the clock and, " +
                "behind a proxy that inspects traffic, that its certificate is installed (in the system's store; on Linux SSL_CERT_FILE names another).", exception);
        }

        var isUnreachable = exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.ProxyTunnelError
        };
        var broken = isUnreachable
            ? $"Cannot reach {address.Authority} for {what}"
            : $"The connection to {address.Authority} broke while fetching {what}";
        return ModelPullException.Transient(
            PullFailure.Network, $"{broken} ({Sentence(cause)})",
            $"check the network and HTTPS_PROXY and try again; {Kept}", cause: exception);
    }

    public ModelPullException Stalled(Uri address, string what, Exception exception) =>
        ModelPullException.Transient(
            PullFailure.Network,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{address.Authority} sent nothing for {options.StallTimeout.TotalSeconds:0.###} s while fetching {what}"),
            $"check the network and try again, or allow more with HF_HUB_DOWNLOAD_TIMEOUT; {Kept}", cause: exception);

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        RetryConditionHeaderValue => null,
        null => null,
    };

    /// <summary>A token goes to the hub that is named, and to no other that it redirects to.</summary>
    private string Elsewhere(Uri address, Peer peer) => peer.IsHub || options.Token is null
        ? ""
        : $"; {options.Endpoint.Authority} redirects to {address.Authority}, which gets no token: set HF_ENDPOINT to {address.Scheme}://{address.Authority}";

    /// <summary>What the server's own people ask for.</summary>
    private static string RequestId(HttpResponseMessage response) =>
        (Header(response, "X-Request-Id") ?? Header(response, "X-Amz-Cf-Id")) is { Length: > 0 and < 200 } id ? $" (request {id})" : "";

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>What the server says, cut so that the message stays one line.</summary>
    private static string Reason(HttpResponseMessage response)
    {
        const int longest = 200;
        return Header(response, "X-Error-Message") is { Length: > 0 } text
            ? $", \"{(text.Length > longest ? text[..longest] + "..." : text).TrimEnd('.')}\""
            : "";
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception is not (SocketException or AuthenticationException) && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    private static string Sentence(Exception exception) =>
        exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
