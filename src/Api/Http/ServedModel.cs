using ActorEmbed.Actors.Messages;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Inference;
using Akka.Actor;

namespace ActorEmbed.Api.Http;

/// <summary>One of the models that requests can choose.</summary>
/// <param name="model">What the settings say of it.</param>
/// <param name="router">Its router, once the server has started.</param>
internal sealed class ServedModel(ModelToServe model, Func<IActorRef> router)
{
    /// <summary>How it is listed: by the name that the settings give it, otherwise by its full id.</summary>
    public string Label => model.Label;

    /// <summary>The name that the settings give it; null for none.</summary>
    public string? Name => model.Name;

    /// <summary>Its full id; null where only the loaded model will tell.</summary>
    public string? Id => model.Id;

    /// <summary>What it is for; null where only the loaded model will tell, and nobody has asked it.</summary>
    public ModelKind? Kind { get; private set; } = model.Kind;

    public IActorRef Router => router();

    public LoadProgress Progress => model.Progress;

    /// <summary>Whether a request that gives this name means it.</summary>
    public bool IsNamed(string name) =>
        (model.Name is { } own && ModelNames.IsOf(name, own)) || (model.Id is { } id && ModelNames.IsOf(name, id));

    /// <summary>How answers call what was loaded.</summary>
    public string NameOf(ModelInfo loaded) => model.Name ?? loaded.Id;

    public async Task<ServiceStatus> StatusAsync(CancellationToken cancellation)
    {
        var status = await Router.Ask<ServiceStatus>(GetStatus.Instance, WaitTimes.ForStatus, cancellation);
        Kind ??= status.Model?.Kind;
        return status;
    }

    /// <summary>What is loaded.</summary>
    /// <exception cref="Errors.ModelUnavailableException">Nothing has been loaded yet, or it has failed for good.</exception>
    public async Task<ModelInfo> LoadedAsync(CancellationToken cancellation) => await StatusAsync(cancellation) switch
    {
        { State: ServiceState.Failed } status => throw new Errors.ModelUnavailableException(status.Reason ?? "The model has failed.", mayPass: false),
        { Model: { } loaded } => loaded,
        var status => throw new Errors.ModelUnavailableException(status.Reason ?? "The model is being loaded.", mayPass: true),
    };
}
