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

    private sealed class Source(FakeEmbeddingModel model) : IEmbeddingModelSource
    {
        public IEmbeddingModel Load() => model.Open();
    }
}
