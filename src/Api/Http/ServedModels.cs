using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Router;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Api.Http.Bodies;
using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;
using Akka.Actor;
using Akka.Hosting;

namespace ActorEmbed.Api.Http;

/// <summary>The models of this server. Where there is one, every request is for it, whatever name it gives.</summary>
internal sealed class ServedModels
{
    public ServedModels(IReadOnlyList<ModelToServe> models, IRequiredActor<BatchRouterActor> first, ActorSystem system) => All =
    [
        new ServedModel(models[0], () => first.ActorRef),
        .. models.Skip(1).Select(model => new ServedModel(model, () => system.GetActorEmbedRouter(model.Label))),
    ];

    /// <summary>At least one, in the order of the settings.</summary>
    public IReadOnlyList<ServedModel> All { get; }

    /// <summary>That which the server is about where it speaks of one.</summary>
    public ServedModel First => All[0];

    public bool AreSeveral => All.Count > 1;

    /// <summary>The model that a request is for.</summary>
    /// <param name="name">What it says; null where it says nothing: then it is for the first that is of this kind, or may be.</param>
    /// <param name="kind">What it wants.</param>
    /// <exception cref="BadRequestException">There are several, and none has this name.</exception>
    public ServedModel Choose(string? name, ModelKind kind = ModelKind.Embedder)
    {
        if (!AreSeveral)
            return First;
        if (name is null)
            return All.FirstOrDefault(model => model.Kind == kind) ?? All.FirstOrDefault(model => model.Kind is null) ?? First;
        return All.FirstOrDefault(model => model.IsNamed(name)) ?? throw NotServed(name, string.Join(", ", All.Select(model => model.Label)));
    }

    /// <summary>The same, where it may take a question to tell what they are for: those on other nodes are known by their names only.</summary>
    /// <inheritdoc cref="Choose"/>
    /// <param name="name">What it says; null where it says nothing.</param>
    /// <param name="kind">What it wants.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ServedModel> ChooseAsync(string? name, ModelKind kind, CancellationToken cancellation)
    {
        if (AreSeveral && name is null)
            await Task.WhenAll(All.Where(model => model.Kind is null).Select(model => model.StatusAsync(cancellation)));
        return Choose(name, kind);
    }

    /// <summary>What is loaded under a name, which the one model has to have, too.</summary>
    /// <exception cref="BadRequestException">None has this name.</exception>
    /// <exception cref="ModelUnavailableException">Nothing has been loaded yet, or it has failed for good.</exception>
    public async Task<(ServedModel Served, ModelInfo Loaded)> FindAsync(string name, CancellationToken cancellation)
    {
        var served = Choose(name);
        var loaded = await served.LoadedAsync(cancellation);
        return ModelNames.IsOf(name, loaded) || served.IsNamed(name) ? (served, loaded) : throw NotServed(name, loaded.Id);
    }

    private static BadRequestException NotServed(string name, string served) => new(
        StatusCodes.Status404NotFound, $"The model '{Quoted.Of(name)}' is not loaded here; this server has {served}.", EmbedRequest.ModelField);
}
