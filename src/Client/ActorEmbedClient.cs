using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using ActorEmbed.Client.Http;
using ActorEmbed.Client.Ranking;
using ActorEmbed.Client.Vectors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ActorEmbed.Client;

/// <summary>
/// Calls an ActorEmbed server, or the Python sidecar that it replaces, and is an embedding generator for
/// Microsoft.Extensions.AI. Thread-safe; meant to be kept and shared.
/// </summary>
public sealed class ActorEmbedClient : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Key of <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>: false leaves vectors as the model made them.</summary>
    public const string NormalizeProperty = EmbedWish.NormalizeField;

    /// <summary>
    /// Key of <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>: false has a value refused that has more tokens than
    /// the model takes, true has it cut, in place of what <see cref="ActorEmbedClientOptions"/> say.
    /// </summary>
    public const string TruncateProperty = EmbedWish.TruncateField;

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

    private readonly ActorEmbedClientOptions _options;
    private readonly Exchange _exchange;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ActorEmbedSidecar? _followed;

    // What made the latest vectors, or what a server was last heard to run.
    private volatile KnownModel? _latest;

    /// <summary>Creates a client with connections of its own.</summary>
    /// <param name="options">Default: a server on port 8421 of this machine.</param>
    /// <exception cref="OptionsValidationException">Names every option that is out of range.</exception>
    public ActorEmbedClient(ActorEmbedClientOptions? options = null)
        : this(options, TimeProvider.System)
    {
    }

    internal ActorEmbedClient(ActorEmbedClientOptions? options, TimeProvider time, ActorEmbedSidecar? followed = null)
        : this((options ?? new ActorEmbedClientOptions()).Copy().Validated(), time, followed, NullLogger.Instance, validated =>
            HttpPipeline.Create(validated, followed?.Address ?? new FixedAddress(validated.Address), time))
    {
    }

    internal ActorEmbedClient(
        ActorEmbedClientOptions validated, TimeProvider time, ActorEmbedSidecar? followed, ILogger logger, Func<ActorEmbedClientOptions, HttpClient> connect)
    {
        _options = validated;
        _time = time;
        _followed = followed;
        _logger = logger;
        _exchange = new Exchange(connect(validated), validated, time);
    }

    /// <summary>Whether the server can embed right now. Asks once, never throws.</summary>
    /// <param name="cancellationToken">Ends the wait; the answer is then false.</param>
    public async Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await IsOkAsync(cancellationToken).ConfigureAwait(false);
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
    public Task<ServerInfo> GetInfoAsync(CancellationToken cancellationToken = default) => LoggedAsync(() => InfoAsync(cancellationToken));

    /// <summary>The vectors of the texts, in their order. An empty list is answered without a request.</summary>
    /// <param name="texts">Any number; a long list travels in several requests, the first that fails for good ends the others.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1.</param>
    /// <param name="cancellationToken">Ends the call and its retries.</param>
    /// <exception cref="ArgumentException">A text is null; the message names its index.</exception>
    /// <exception cref="ActorEmbedException">The texts could not be embedded.</exception>
    public async Task<float[][]> EmbedBatchAsync(IEnumerable<string> texts, bool normalize = true, CancellationToken cancellationToken = default)
    {
        var wish = EmbedWish.Of(call: null, _options) with { Normalize = normalize };
        return (await LoggedAsync(() => EmbedAsync(texts, wish, cancellationToken)).ConfigureAwait(false)).Vectors;
    }

    /// <summary>How well the texts fit a query, the best first; equal ones in their order. The server has to run a reranker.</summary>
    /// <param name="query">What the texts are compared with.</param>
    /// <param name="texts">Any number; a long list travels in several requests, the first that fails for good ends the others.</param>
    /// <param name="cancellationToken">Ends the call and its retries.</param>
    /// <exception cref="ArgumentException">A text is null; the message names its index.</exception>
    /// <exception cref="ActorEmbedException">The texts could not be ranked.</exception>
    public async Task<IReadOnlyList<RankedText>> RankAsync(string query, IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var copy = CopyOf(texts);
        var scores = new float[copy.Length];
        await LoggedAsync(async () =>
        {
            await TextSlice.ForEachAsync(
                copy,
                _options,
                async (slice, cancellation) => (await SendAsync(query, copy.AsMemory(slice.Start, slice.Count), cancellation).ConfigureAwait(false)).CopyTo(scores, slice.Start),
                cancellationToken).ConfigureAwait(false);
            return scores;
        }).ConfigureAwait(false);
        return [.. scores.Select((score, index) => new RankedText(index, score)).OrderByDescending(text => text.Score)];
    }

    /// <summary>Embeddings as Microsoft.Extensions.AI wants them, with the tokens used where the server tells them.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">
    /// <see cref="EmbeddingGenerationOptions.Dimensions"/> and <see cref="EmbeddingGenerationOptions.ModelId"/> are asked for in
    /// place of the client's own. So are the additional properties <see cref="NormalizeProperty"/> and
    /// <see cref="TruncateProperty"/>, true or false, and <see cref="PromptNameProperty"/> or <see cref="InputTypeProperty"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the call and its retries.</param>
    /// <exception cref="ArgumentException">A text is null, or a property is of the wrong type.</exception>
    /// <exception cref="ActorEmbedException">The texts could not be embedded.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var wish = EmbedWish.Of(options, _options);
        var answer = await LoggedAsync(() => EmbedAsync(values, wish, cancellationToken)).ConfigureAwait(false);
        var createdAt = _time.GetUtcNow();
        return new GeneratedEmbeddings<Embedding<float>>(answer.Vectors.Select(vector =>
            new Embedding<float>(vector) { ModelId = answer.Model, CreatedAt = createdAt }))
        {
            Usage = answer.Tokens is { } tokens ? new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens } : null,
        };
    }

    /// <inheritdoc />
    /// <remarks>
    /// Model and dimensions of <see cref="EmbeddingGeneratorMetadata"/> are those of the options, else of the sidecar that runs
    /// or of the latest vectors, and null before there were any.
    /// </remarks>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata()
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Ends what is in flight and closes the connections.</summary>
    public void Dispose() => _exchange.Dispose();

    /// <exception cref="ActorEmbedException">The server says that it cannot embed, or nothing.</exception>
    internal async Task<bool> IsOkAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "health");
        Attempts.AskOnce(request);
        return await _exchange.SendAsync(request, (_, body) =>
        {
            using var health = JsonDocument.Parse(body);
            return health.RootElement.GetProperty("status").ValueEquals("ok");
        }, cancellationToken).ConfigureAwait(false);
    }

    private EmbeddingGeneratorMetadata Metadata()
    {
        var status = _followed?.GetStatus();
        var latest = _latest;
        return new EmbeddingGeneratorMetadata(
            ProviderName,
            _followed is null ? _options.Address : status?.Url ?? _followed.FixedUrl,
            _options.ModelId ?? status?.Model ?? latest?.Id,
            _options.Dimensions ?? status?.Dimensions ?? latest?.Dimensions);
    }

    private async Task<ServerInfo> InfoAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "info");
        var info = await _exchange.SendAsync(request, (_, body) => JsonSerializer.Deserialize<ServerInfo>(body)
            ?? throw new FormatException("it is null"), cancellationToken).ConfigureAwait(false);
        _latest = new KnownModel(info.ModelId, info.Dimensions);
        return info;
    }

    private async Task<EmbedAnswer> EmbedAsync(IEnumerable<string> values, EmbedWish wish, CancellationToken cancellationToken)
    {
        var texts = CopyOf(values);
        if (texts.Length == 0)
            return new EmbedAnswer([], 0, null);

        var list = new LongList(texts, _options, wish.Dimensions);
        var answer = await list.EmbedAsync((slice, dimensions, cancellation) => SendAsync(slice, wish, dimensions, cancellation), cancellationToken).ConfigureAwait(false);
        // A server that does not say which model it was is asked; the Python sidecar is one.
        var model = answer.Model ?? (wish.Model is null ? null : (await InfoAsync(cancellationToken).ConfigureAwait(false)).ModelId);
        if (wish.Model is { } wanted && !ModelName.IsSame(wanted, model!))
            throw Failures.WrongModel(wanted, model!);
        if (wish.Dimensions is null)
            _latest = new KnownModel(model ?? _latest?.Id, answer.Dimensions);
        return answer with { Model = model };
    }

    private async Task<EmbedAnswer> SendAsync(ReadOnlyMemory<string> texts, EmbedWish wish, Func<int?> dimensions, CancellationToken cancellationToken)
    {
        using var request = Post("embed", EmbedRequestBody.Write(texts.Span, wish));
        if (!_options.JsonOnly)
        {
            request.Headers.Accept.Add(Binary);
            request.Headers.Accept.Add(JsonElse);
        }

        return await _exchange.SendAsync(
            request, (response, body) => EmbedAnswer.Read(response, body, texts.Length, dimensions()), cancellationToken).ConfigureAwait(false);
    }

    private async Task<float[]> SendAsync(string query, ReadOnlyMemory<string> texts, CancellationToken cancellationToken)
    {
        using var request = Post("rank", RankRequestBody.Write(query, texts.Span, _options.ModelId));
        return await _exchange.SendAsync(
            request,
            (response, body) => _options.ModelId is { } wanted && ModelName.Of(response) is { } running && !ModelName.IsSame(wanted, running)
                ? throw Failures.WrongModel(wanted, running, "scores")
                : RankAnswer.Read(body, texts.Length),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A copy that later changes by the caller cannot reach.</summary>
    private string[] CopyOf(IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _exchange.ThrowIfDisposed();
        var texts = values.ToArray();
        return Array.IndexOf(texts, null) is >= 0 and var index
            ? throw new ArgumentException($"The text at index {index} is null.", nameof(values))
            : texts;
    }

    private static HttpRequestMessage Post(string path, ReadOnlyMemory<byte> json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return request;
    }

    /// <summary>One line of the log for a call that failed, however many tries and requests it took.</summary>
    private async Task<T> LoggedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ActorEmbedException e)
        {
            _logger.LogWarning("{Code} after {Attempts} tries: {Reason}", e.Code, e.Attempts, e.Message);
            throw;
        }
    }

    private sealed record KnownModel(string? Id, int Dimensions);
}
