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
internal sealed class ActorEmbeddingGenerator(Func<CancellationToken, Task<IActorRef>> router, Func<TimeSpan> timeout) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ProviderName = "actorembed";

    // What made the latest vectors: a model may come and go.
    private volatile ModelInfo? _latestModel;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var actor = await router(cancellationToken).ConfigureAwait(false);
        var longest = timeout();
        var command = new EmbedTexts([.. values])
        {
            Model = options?.ModelId,
            Dimensions = options?.Dimensions,
            Prompt = PromptProperties.Read(options),
            Normalize = IsOn("normalize", options),
            Truncate = IsOn("truncate", options),
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
        // Model and dimensions are known once the first vectors have come.
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return new EmbeddingGeneratorMetadata(ProviderName, providerUri: null, _latestModel?.Id, _latestModel?.Dimensions);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    private static bool IsOn(string property, EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(property, out bool isOn) is not true || isOn;

    private static GeneratedEmbeddings<Embedding<float>> ToEmbeddings(TextsEmbedded embedded)
    {
        var createdAt = DateTimeOffset.UtcNow;
        return new(embedded.Vectors.Select(vector => new Embedding<float>(vector) { ModelId = embedded.Model.Id, CreatedAt = createdAt }))
        {
            Usage = new UsageDetails { InputTokenCount = embedded.TotalTokens, TotalTokenCount = embedded.TotalTokens },
        };
    }
}
