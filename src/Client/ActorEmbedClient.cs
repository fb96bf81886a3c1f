using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using ActorEmbed.Client.Http;
using ActorEmbed.Client.Vectors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>
/// Calls an ActorEmbed server, or the Python sidecar that it replaces, and is an embedding generator for
/// Microsoft.Extensions.AI. Thread-safe; meant to be kept and shared.
/// </summary>
public sealed class ActorEmbedClient : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Key of <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>: false leaves vectors as the model made them.</summary>
    public const string NormalizeProperty = "normalize";

    /// <summary>
    /// Key of <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>: the name of the model's prompt that goes before each
    /// value, in place of what <see cref="ActorEmbedClientOptions"/> say.
    /// </summary>
    public const string PromptNameProperty = RequestedPrompt.NameField;

    /// <summary>
    /// Key of <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>: <c>query</c> or <c>document</c>, in place of what
    /// <see cref="ActorEmbedClientOptions"/> say.
    /// </summary>
    public const string InputTypeProperty = RequestedPrompt.InputTypeField;

    private const string ProviderName = "actorembed";

    private static readonly MediaTypeWithQualityHeaderValue Binary = new(MediaTypeNames.Application.Octet);
    private static readonly MediaTypeWithQualityHeaderValue JsonElse = new(MediaTypeNames.Application.Json, 0.9);
    private static readonly MediaTypeWithQualityHeaderValue Json = new(MediaTypeNames.Application.Json);

    private readonly ActorEmbedClientOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private volatile bool _isDisposed;

    /// <summary>Creates a client with connections of its own.</summary>
    /// <param name="options">Default: a server on port 8421 of this machine.</param>
    /// <exception cref="OptionsValidationException">Names every option that is out of range.</exception>
    public ActorEmbedClient(ActorEmbedClientOptions? options = null)
        : this(options, TimeProvider.System)
    {
    }

    internal ActorEmbedClient(ActorEmbedClientOptions? options, TimeProvider time, ActorEmbedSidecar? followed = null)
        : this((options ?? new ActorEmbedClientOptions()).Copy().Validated(), time, followed, validated =>
            HttpPipeline.Create(validated, followed?.Address ?? new FixedAddress(validated.Address), time))
    {
    }

    internal ActorEmbedClient(
        ActorEmbedClientOptions validated, TimeProvider time, ActorEmbedSidecar? followed, Func<ActorEmbedClientOptions, HttpClient> connect)
    {
        _options = validated;
        _time = time;
        _http = connect(validated);
        var server = followed is null ? validated.Address : followed.FixedUrl;
        _metadata = new EmbeddingGeneratorMetadata(ProviderName, server, validated.ModelId, validated.Dimensions);
    }

    /// <summary>Whether the server can embed right now. Asks once, never throws.</summary>
    /// <param name="cancellationToken">Ends the wait; the answer is then false.</param>
    public async Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "health");
            Attempts.AskOnce(request);
            return await SendAsync(request, (_, body) =>
            {
                using var health = JsonDocument.Parse(body);
                return health.RootElement.GetProperty("status").ValueEquals("ok");
            }, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever goes wrong, the answer to "can it embed right now?" is no.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>What the server runs.</summary>
    /// <param name="cancellationToken">Ends the call and its retries.</param>
    /// <exception cref="ActorEmbedException">The server could not be asked.</exception>
    public async Task<ServerInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "info");
        return await SendAsync(request, (_, body) => JsonSerializer.Deserialize<ServerInfo>(body)
            ?? throw new FormatException("it is null"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The vectors of the texts, in their order. An empty list is answered without a request.</summary>
    /// <param name="texts">Any number; a long list travels in several requests, the first that fails for good ends the others.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1.</param>
    /// <param name="cancellationToken">Ends the call and its retries.</param>
    /// <exception cref="ArgumentException">A text is null; the message names its index.</exception>
    /// <exception cref="ActorEmbedException">The texts could not be embedded.</exception>
    public async Task<float[][]> EmbedBatchAsync(IEnumerable<string> texts, bool normalize = true, CancellationToken cancellationToken = default) =>
        (await EmbedAsync(texts, normalize, _options.Prompt, _options.Dimensions, cancellationToken).ConfigureAwait(false)).Vectors;

    /// <summary>Embeddings as Microsoft.Extensions.AI wants them, with the tokens used where the server tells them.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">
    /// <see cref="EmbeddingGenerationOptions.Dimensions"/> is what the vectors must have,
    /// <see cref="EmbeddingGenerationOptions.ModelId"/> what the server must run (asked each time), and the additional
    /// property <see cref="NormalizeProperty"/> may be false. <see cref="PromptNameProperty"/> or <see cref="InputTypeProperty"/>
    /// says what goes before each value.
    /// </param>
    /// <param name="cancellationToken">Ends the call and its retries.</param>
    /// <exception cref="ArgumentException">A text is null, the server runs another model, or a property is of the wrong type.</exception>
    /// <exception cref="ActorEmbedException">The texts could not be embedded.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = RequestedPrompt.Of(options, _options.Prompt);
        var model = _options.ModelId;
        if (options?.ModelId is { } wanted && wanted != model)
            model = await RequireModelAsync(wanted, cancellationToken).ConfigureAwait(false);

        var answer = await EmbedAsync(values, Normalize(options), prompt, options?.Dimensions ?? _options.Dimensions, cancellationToken).ConfigureAwait(false);
        var createdAt = _time.GetUtcNow();
        return new GeneratedEmbeddings<Embedding<float>>(answer.Vectors.Select(vector =>
            new Embedding<float>(vector) { ModelId = model, CreatedAt = createdAt }))
        {
            Usage = answer.Tokens is { } tokens ? new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } : null,
        };
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Ends what is in flight and closes the connections.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _http.Dispose();
    }

    private static bool Normalize(EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(NormalizeProperty, out var value) is not true || value switch
        {
            bool normalize => normalize,
            // Options that were read from JSON hold this in place of a bool.
            JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => json.GetBoolean(),
            _ => throw new ArgumentException($"The additional property '{NormalizeProperty}' must be true or false, but is '{value}'.", nameof(options)),
        };

    private async Task<string> RequireModelAsync(string wanted, CancellationToken cancellationToken)
    {
        var running = (await GetInfoAsync(cancellationToken).ConfigureAwait(false)).ModelId;
        // The short name is the part after the slash.
        return wanted == running || running.EndsWith($"/{wanted}", StringComparison.Ordinal)
            ? running
            : throw new ArgumentException($"The server runs the model '{running}', not '{wanted}'.", nameof(wanted));
    }

    private async Task<EmbedAnswer> EmbedAsync(
        IEnumerable<string> values, bool normalize, RequestedPrompt prompt, int? dimensions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        // A copy that later changes by the caller cannot reach.
        var texts = values.ToArray();
        if (Array.IndexOf(texts, null) is >= 0 and var index)
            throw new ArgumentException($"The text at index {index} is null.", nameof(values));

        var vectors = new float[texts.Length][];
        var slices = TextSlice.Cut(texts, _options.TextsPerRequest, _options.MaxBytesPerRequest).ToArray();
        var tokens = new long?[slices.Length];
        var expected = dimensions ?? 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, slices.Length),
            new ParallelOptions { MaxDegreeOfParallelism = _options.MaxConcurrentRequests, CancellationToken = cancellationToken },
            async (number, cancellation) =>
            {
                var (start, count) = slices[number];
                var answer = await SendAsync(
                    texts.AsMemory(start, count), normalize, prompt, () => Volatile.Read(ref expected), cancellation).ConfigureAwait(false);
                Interlocked.CompareExchange(ref expected, answer.Dimensions, 0);
                tokens[number] = answer.Tokens;
                answer.Vectors.CopyTo(vectors, start);
            }).ConfigureAwait(false);
        return new EmbedAnswer(vectors, tokens.Contains(null) ? null : tokens.Sum());
    }

    private async Task<EmbedAnswer> SendAsync(
        ReadOnlyMemory<string> texts, bool normalize, RequestedPrompt prompt, Func<int> dimensions, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "embed")
        {
            Content = new ReadOnlyMemoryContent(EmbedRequestBody.Write(texts.Span, normalize, prompt)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        if (!_options.JsonOnly)
        {
            request.Headers.Accept.Add(Binary);
            request.Headers.Accept.Add(JsonElse);
        }

        return await SendAsync(
            // Which dimension is expected is read when the answer is there: another request may have told it meanwhile.
            request, (response, body) => EmbedAnswer.Read(response, body, texts.Length, dimensions() is > 0 and var expected ? expected : null),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, byte[], T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (request.Headers.Accept.Count == 0)
            request.Headers.Accept.Add(Json);
        if (_options.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            throw Failures.Of(response, body, request, _time);
        try
        {
            return read(response, body);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Failures.Unusable(e is JsonException ? $"it is not the expected JSON ({e.Message})" : e.Message, request, e);
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_isDisposed && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(ActorEmbedClient), "The client was disposed while a request was in flight.");
        }
        catch (Exception e) when (Failures.Of(e, request, _options.Timeout) is { } failure)
        {
            throw failure;
        }
    }
}
