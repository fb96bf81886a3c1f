using ActorEmbed.Client.Http;
using ActorEmbed.Client.Vectors;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>Options of <see cref="ActorEmbedClient"/>; read once, when the client is created.</summary>
public sealed class ActorEmbedClientOptions
{
    // One request computing and one waiting at the server, so that it never idles between two; more would only queue.
    private const int DefaultConcurrentRequests = 2;

    // Two of the server's batches of 32. At 55 texts/s, the lower of the rates that the old sidecar claimed, two such
    // requests take 2.3 s together; beyond 64 texts the cost of a request (about 1 ms) no longer shows.
    private const int MostTextsPerRequest = 64;

    // A tenth of the old sidecar's 55 texts/s: a slow, busy machine. What a request may hold is counted at this rate.
    private const double SlowMachineTextsPerSecond = 5.5;

    // The range that Polly allows for time-outs and delays.
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Address of the server, a path prefix included. Wins over <see cref="Port"/>. Default: none.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Port on 127.0.0.1, 1 to 65535. Default 8421, that of the Python sidecar which this server replaces.</summary>
    public int Port { get; set; } = 8421;

    /// <summary>Time for one attempt, the answer's body included; 10 ms to 1 day. Default 30 s. A time-out is not retried.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries after the first: 2 means at most 3 requests. 0 or more. Default 2.</summary>
    public int RetryAttempts { get; set; } = 2;

    /// <summary>Pause before a further try, where the server sends no <c>Retry-After</c>; 0 to 1 day. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest <c>Retry-After</c> that is waited for; a longer one fails at once. Default: <see cref="Timeout"/>.</summary>
    public TimeSpan? MaxRetryAfter { get; set; }

    /// <summary>Longest list that is sent in one request, 1 or more. Default: 64, fewer with a <see cref="Timeout"/> under 24 s.</summary>
    public int? MaxTextsPerRequest { get; set; }

    /// <summary>Most UTF-8 bytes of texts in one request, 1 or more; a single longer text goes alone. Default 1 MiB.</summary>
    /// <remarks>Far above what 64 texts of 128 tokens need (40 KB), far below the server's limit (32 MB).</remarks>
    public int MaxBytesPerRequest { get; set; } = 1 << 20;

    /// <summary>Requests in flight at once for one long list, 1 or more. Default 2.</summary>
    public int MaxConcurrentRequests { get; set; } = DefaultConcurrentRequests;

    /// <summary>
    /// Components of each vector, 1 or more: what the server is asked for, which refuses more than the model has. Vectors of
    /// another length are a <see cref="ActorEmbedErrorCode.ParseError"/>. Default: all that the model has.
    /// </summary>
    public int? Dimensions { get; set; }

    /// <summary>
    /// Full id or short name of the model whose vectors are wanted; from a server that runs another they are
    /// <see cref="ActorEmbedErrorCode.WrongModel"/>. Default: any.
    /// </summary>
    public string? ModelId { get; set; }

    /// <summary>Whether the server cuts a text with more tokens than the model takes. False: it refuses the text. Default true.</summary>
    public bool Truncate { get; set; } = true;

    /// <summary>
    /// Name of the model's prompt that goes before each text; the server refuses one that it does not have. Excludes
    /// <see cref="InputType"/>. Default: none, so that the server takes the model's default prompt, if it has one.
    /// </summary>
    public string? PromptName { get; set; }

    /// <summary>
    /// What the texts are: <c>query</c> or <c>document</c>. The model's prompt for it goes before each text, if it has one.
    /// Excludes <see cref="PromptName"/>. Default: not said.
    /// </summary>
    public string? InputType { get; set; }

    /// <summary>Bearer token, where the server asks for one. Default: none.</summary>
    public string? Token { get; set; }

    /// <summary>Asks for JSON only, not for the four times smaller float32. Default false.</summary>
    public bool JsonOnly { get; set; }

    internal Uri Address
    {
        get
        {
            var builder = new UriBuilder(BaseUrl ?? new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", Port).Uri) { Query = "", Fragment = "" };
            // Without the slash, resolving "embed" against "http://host/prefix" would drop the prefix.
            if (!builder.Path.EndsWith('/'))
                builder.Path += "/";
            return builder.Uri;
        }
    }

    internal RequestedPrompt Prompt => new(PromptName, InputType);

    internal TimeSpan LongestRetryAfter => MaxRetryAfter ?? Timeout;

    internal int TextsPerRequest => MaxTextsPerRequest
        ?? Math.Clamp((int)(Timeout.TotalSeconds * SlowMachineTextsPerSecond / MaxConcurrentRequests), 1, MostTextsPerRequest);

    internal ActorEmbedClientOptions Copy() => (ActorEmbedClientOptions)MemberwiseClone();

    /// <exception cref="OptionsValidationException">Names every option that is out of range.</exception>
    internal ActorEmbedClientOptions Validated()
    {
        var failures = Failures().ToArray();
        return failures.Length == 0 ? this : throw new OptionsValidationException("", typeof(ActorEmbedClientOptions), failures);
    }

    internal IEnumerable<string> Failures()
    {
        if (BaseUrl is not null && !(BaseUrl.IsAbsoluteUri && BaseUrl.Scheme is "http" or "https"))
            yield return $"{nameof(BaseUrl)} must be an address like http://127.0.0.1:8421, but is '{BaseUrl}'.";
        if (Port is < 1 or > 65_535)
            yield return $"{nameof(Port)} must be from 1 to 65535, but is {Port}.";
        if (Timeout < ShortestTimeout || Timeout > Longest)
            yield return $"{nameof(Timeout)} must be from 10 ms to 1 day, but is {Timeout}.";
        if (RetryAttempts < 0)
            yield return $"{nameof(RetryAttempts)} must be 0 or more, but is {RetryAttempts}.";
        if (RetryDelay < TimeSpan.Zero || RetryDelay > Longest)
            yield return $"{nameof(RetryDelay)} must be from 0 to 1 day, but is {RetryDelay}.";
        if (MaxRetryAfter < TimeSpan.Zero || MaxRetryAfter > Longest)
            yield return $"{nameof(MaxRetryAfter)} must be from 0 to 1 day, but is {MaxRetryAfter}.";
        if (MaxTextsPerRequest < 1)
            yield return $"{nameof(MaxTextsPerRequest)} must be 1 or more, but is {MaxTextsPerRequest}.";
        if (MaxBytesPerRequest < 1)
            yield return $"{nameof(MaxBytesPerRequest)} must be 1 or more, but is {MaxBytesPerRequest}.";
        if (MaxConcurrentRequests < 1)
            yield return $"{nameof(MaxConcurrentRequests)} must be 1 or more, but is {MaxConcurrentRequests}.";
        if (Dimensions < 1)
            yield return $"{nameof(Dimensions)} must be 1 or more, but is {Dimensions}.";
        if (PromptName is not null && InputType is not null)
            yield return $"{nameof(PromptName)} and {nameof(InputType)} exclude each other.";
        if (!BearerToken.IsValid(Token))
            yield return BearerToken.Rule;
    }
}
