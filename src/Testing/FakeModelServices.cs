using ActorEmbed.Actors.Hosting;
using ActorEmbed.Inference;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Testing;

/// <summary>Replaces the model of a host under test.</summary>
public static class FakeModelServices
{
    /// <summary>
    /// Every instance of the host uses this model instead of its own; everything else stays as the host has wired it.
    /// For <c>ConfigureTestServices</c> and the like.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="model">The model; null takes one with the defaults.</param>
    public static IServiceCollection AddFakeEmbeddingModel(this IServiceCollection services, FakeEmbeddingModel? model = null) =>
        services.AddSingleton<IEmbeddingModelSource>(new Source(model ?? new FakeEmbeddingModel()));

    /// <summary>The same for the one of several models that has this name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">As in <c>AddActorEmbed(name, ...)</c>.</param>
    /// <param name="model">The model; null takes one with the defaults.</param>
    public static IServiceCollection AddFakeEmbeddingModel(this IServiceCollection services, string name, FakeEmbeddingModel? model = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        // Names are the same in any case, and this is how the host looks for it.
        return services.AddKeyedSingleton<IEmbeddingModelSource>(name.ToLowerInvariant(), new Source(model ?? new FakeEmbeddingModel()));
    }

    private sealed class Source(FakeEmbeddingModel model) : IEmbeddingModelSource
    {
        public IEmbeddingModel Load() => model.Open();
    }
}
