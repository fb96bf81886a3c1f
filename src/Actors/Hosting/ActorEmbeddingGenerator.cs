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
/// <param name="timeout">Of each call.</param>
/// <param name="loaded">The model, as soon as it is loaded; null before, and where another machine has it.</param>
internal sealed class ActorEmbeddingGenerator(
    Func<CancellationToken, Task<IActorRef>> router, Func<TimeSpan> timeout, Func<ModelInfo?> loaded) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ProviderName = "actorembed";

    // What made the latest vectors: a model may come and go.
    private volatile ModelInfo? _latestModel;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var longest = timeout();
        var actor = await RouterAsync(WaitTimes.Limit(longest), cancellationToken).ConfigureAwait(false);
        var command = new EmbedTexts([.. values])
        {
            Model = options?.ModelId,
            Dimensions = options?.Dimensions,
            Prompt = PromptProperties.Read(options),
            Normalize = CallProperties.Flag(options, "normalize") ?? true,
            Truncate = CallProperties.Flag(options, "truncate") ?? true,
            Timeout = longest,
            Cancellation = cancellationToken,
        };
        var reply = await actor.Ask<EmbedReply>(command, WaitTimes.ForAnswer(longest), cancellationToken).ConfigureAwait(false);
        if (reply is EmbedRejected rejected)
            throw rejected.Reason == RejectionReason.Cancelled ? new OperationCanceledException(rejected.Message, cancellationToken) : new EmbeddingRejectedException(rejected);

        var embedded = (TextsEmbedded)reply;
        _latestModel = embedded.Model;
        return ToEmbeddings(embedded);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
        {
            var model = _latestModel ?? loaded();
            return new EmbeddingGeneratorMetadata(ProviderName, providerUri: null, model?.Id, model?.Dimensions);
        }

        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    /// <summary>Who asks before the host runs waits for its start, but not for ever.</summary>
    private async Task<IActorRef> RouterAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(patience);
        try
        {
            return await router(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The host has not started within {patience}, and ActorEmbed starts with it: call its StartAsync or RunAsync first.", e);
        }
    }

    private static GeneratedEmbeddings<Embedding<float>> ToEmbeddings(TextsEmbedded embedded)
    {
        var createdAt = DateTimeOffset.UtcNow;
        return new(embedded.Vectors.Select(vector => new Embedding<float>(vector) { ModelId = embedded.Model.Id, CreatedAt = createdAt }))
        {
            Usage = new UsageDetails { InputTokenCount = embedded.TotalTokens, TotalTokenCount = embedded.TotalTokens },
        };
    }
}
