using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorEmbed.Actors.Hosting;

/// <summary>
/// The router as an <see cref="IEmbeddingGenerator{TInput,TEmbedding}"/>. Safe for concurrent use; the actor system
/// owns what is behind it, so disposing it does nothing.
/// </summary>
/// <param name="router">Finds the router, or says why there is none.</param>
/// <param name="timeout">Of each call; null takes that of the router.</param>
internal sealed class ActorEmbeddingGenerator(Func<CancellationToken, Task<IActorRef>> router, TimeSpan? timeout) : IEmbeddingGenerator<string, Embedding<float>>
{
    // The router answers every request within its time-out; this is for the case that the router itself is lost.
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(10);

    private const string ProviderName = "actorembed";

    private volatile ModelInfo? _model;
    // A reference, because a time that may be absent is not read in one piece while another call writes it.
    private volatile ServiceStatus? _firstStatus;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var actor = await router(cancellationToken).ConfigureAwait(false);
        var longest = timeout ?? (_firstStatus ??= await StatusAsync(actor, cancellationToken).ConfigureAwait(false)).RequestTimeout;
        var command = new EmbedTexts([.. values])
        {
            Normalize = options?.AdditionalProperties?.TryGetValue("normalize", out bool normalize) is not true || normalize,
            Timeout = timeout,
            Cancellation = cancellationToken,
        };
        var reply = await actor.Ask<EmbedReply>(command, AnswerTime(longest), cancellationToken).ConfigureAwait(false);
        if (reply is EmbedRejected rejected)
            throw rejected.Reason == RejectionReason.Cancelled ? new OperationCanceledException(rejected.Message, cancellationToken) : new EmbeddingRejectedException(rejected);

        var embedded = (TextsEmbedded)reply;
        var model = _model ??= (await StatusAsync(actor, cancellationToken).ConfigureAwait(false)).Model;
        Check(options, model);
        return ToEmbeddings(embedded, model);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        // Model and dimensions are known once the first vectors have come.
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return new EmbeddingGeneratorMetadata(ProviderName, providerUri: null, _model?.Id, _model?.Dimensions);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    /// <summary>How long to wait for the answer of a request with this time-out, which may be infinite.</summary>
    internal static TimeSpan AnswerTime(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan ? timeout : timeout + AnswerMargin;

    private static Task<ServiceStatus> StatusAsync(IActorRef actor, CancellationToken cancellation) =>
        actor.Ask<ServiceStatus>(GetStatus.Instance, AnswerMargin, cancellation);

    /// <summary>There is one model, of one size: to give another than was asked for would be worse than an error.</summary>
    private static void Check(EmbeddingGenerationOptions? options, ModelInfo? model)
    {
        if (model is null || options is null)
            return;
        if (options.Dimensions is { } dimensions && dimensions != model.Dimensions)
            throw new ArgumentException($"The model gives {model.Dimensions} dimensions, not {dimensions}.", nameof(options));
        if (options.ModelId is { } id && id != model.Id && id != model.ShortName)
            throw new ArgumentException($"The model is {model.Id}, not {id}.", nameof(options));
    }

    private static GeneratedEmbeddings<Embedding<float>> ToEmbeddings(TextsEmbedded embedded, ModelInfo? model)
    {
        var createdAt = DateTimeOffset.UtcNow;
        long tokens = embedded.TokenCounts.Sum(count => (long)count);
        return new(embedded.Vectors.Select(vector => new Embedding<float>(vector) { ModelId = model?.Id, CreatedAt = createdAt }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }
}
