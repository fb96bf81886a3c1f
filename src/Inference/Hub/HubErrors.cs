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

    /// <summary>Explains an answer of the hub that is not a success.</summary>
    public ModelPullException FromHub(HttpResponseMessage response, ModelReference reference, string what)
    {
        var status = (int)response.StatusCode;
        // Sent with most errors: RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo.
        var code = Header(response, "X-Error-Code");
        var id = reference.Id;
        return (status, code) switch
        {
            (_, "GatedRepo") => new ModelPullException(
                PullFailure.Gated,
                $"{id} is gated ({status}, {what}): accept its conditions at {Hub}/{id} and set HF_TOKEN to a token " +
                "of the account that did."),
            (401, _) when options.Token is null => new ModelPullException(
                PullFailure.Unauthorized,
                $"{id} does not exist on {Hub} or is private (401, {what}): check the name; for a private model set " +
                "HF_TOKEN."),
            (401, _) => new ModelPullException(
                PullFailure.Unauthorized,
                $"{Hub} refuses the token for {id} (401, {what}): check HF_TOKEN, or make a new token at " +
                $"{Hub}/settings/tokens."),
            (403, _) => new ModelPullException(
                PullFailure.Unauthorized,
                $"Access to {id} is denied (403, {what}){Reason(response)}: use a token that may read this model " +
                "(HF_TOKEN)."),
            (404 or 410, "RevisionNotFound") => new ModelPullException(
                PullFailure.NotFound,
                $"{id} has no revision '{reference.Revision}' ({status}): give a branch, a tag or a full commit hash " +
                "with --revision."),
            (404 or 410, "EntryNotFound") => new ModelPullException(
                PullFailure.NotFound,
                $"{id} lists {what} but does not have it ({status}): the repository changed or is damaged; try again, " +
                "or name another --revision."),
            (404 or 410, _) => new ModelPullException(
                PullFailure.NotFound, $"There is no model {id} on {Hub} ({status}, {what}): check the name."),
            (429, _) => ModelPullException.Transient(
                PullFailure.RateLimited,
                $"{Hub} asks to slow down (429, {what})",
                $"try again in some minutes, {Kept}; with HF_TOKEN set the limits are higher", RetryAfter(response)),
            (408 or >= 500, _) => ModelPullException.Transient(
                PullFailure.ServerError,
                $"{Hub} answers {status} for {what} of {id}",
                $"the server has a problem; try again later, {Kept}", RetryAfter(response)),
            _ => new ModelPullException(
                PullFailure.Protocol,
                $"{Hub} answers {status} for {what} of {id}{Reason(response)}: check that HF_ENDPOINT points at a " +
                "server that speaks the hub's API."),
        };
    }

    /// <summary>
    /// Explains an answer of the server that the hub redirected to. Its addresses are signed for a short time, so a
    /// refusal means that the address has expired: the hub gives a new one.
    /// </summary>
    public ModelPullException FromFileServer(HttpResponseMessage response, Uri address, string what) =>
        ModelPullException.Transient(
            response.StatusCode == HttpStatusCode.TooManyRequests ? PullFailure.RateLimited : PullFailure.ServerError,
            $"The file server {address.Authority} answers {(int)response.StatusCode} for {what}",
            $"try again later, {Kept}", RetryAfter(response));

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
                "behind a proxy that inspects traffic, that its certificate is installed.", exception);
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

    private static string? Header(HttpResponseMessage response, string name) =>
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
