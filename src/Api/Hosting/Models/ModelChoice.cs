using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>Which model is to be loaded, and why.</summary>
/// <param name="Directory">Where it lies; null when it has to be pulled first.</param>
/// <param name="Reference">What to pull; null for a directory.</param>
/// <param name="Hub">Where from; null for a directory.</param>
/// <param name="Reason">One line for the log.</param>
/// <param name="Source">How it will be run; null where it has to be pulled first.</param>
internal sealed record ModelChoice(string? Directory, ModelReference? Reference, HubOptions? Hub, string Reason, string? Source = null)
{
    /// <summary>Chooses, touching the disk but not the network.</summary>
    /// <param name="options">Valid.</param>
    /// <param name="getEnvironmentVariable">For the settings of the hub.</param>
    /// <exception cref="ModelLoadException">The named model is neither on the disk nor a model of the hub, or it is damaged.</exception>
    /// <exception cref="ModelPullException">The settings of the hub are wrong.</exception>
    public static ModelChoice For(ServerOptions options, Func<string, string?> getEnvironmentVariable)
    {
        var choice = options.Model is { } model
            ? Named(model, options, getEnvironmentVariable)
            : Unnamed(getEnvironmentVariable);
        return choice.Directory is null ? choice : choice with { Source = ModelLoader.Inspect(choice.Directory, options.Variant).Source };
    }

    private static ModelChoice Named(string model, ServerOptions options, Func<string, string?> getEnvironmentVariable)
    {
        var location = ModelLocation.Find(model, options.Revision, options.Variant);
        if (location.Directory is { } directory)
            return OnDisk(directory, model == EmbeddedModel.Name ? $"the embedded {model}, as named" : $"{directory}, as named");

        var reference = location.Reference!;
        var hub = HubOptions.FromEnvironment(getEnvironmentVariable);
        return Find(reference, hub) is { } snapshot
            ? OnDisk(snapshot, $"{reference}, as named, from {hub.CacheDirectory}")
            : new ModelChoice(null, reference, hub, $"{reference}, as named; not in {hub.CacheDirectory}, so it is pulled from {hub.Endpoint}");
    }

    private static ModelChoice Unnamed(Func<string, string?> getEnvironmentVariable)
    {
        try
        {
            var hub = HubOptions.FromEnvironment(getEnvironmentVariable);
            return Find(ModelReference.Parse(DefaultModel.Id), hub) is { } snapshot
                ? OnDisk(snapshot, $"{DefaultModel.Id}, the default, from {hub.CacheDirectory}")
                : OnDisk(EmbeddedModel.Directory, $"the embedded {EmbeddedModel.Name}, as {DefaultModel.Id} is not in {hub.CacheDirectory} ('actorembed pull' gets it)");
        }
        catch (ModelPullException e)
        {
            // Nobody asked for the hub: its settings must not keep the server from starting.
            return OnDisk(EmbeddedModel.Directory, $"the embedded {EmbeddedModel.Name}, as the cache cannot be searched: {e.Message}");
        }
    }

    private static string? Find(ModelReference reference, HubOptions options)
    {
        using var hub = new ModelHub(options);
        return hub.Find(reference);
    }

    private static ModelChoice OnDisk(string directory, string reason) => new(directory, null, null, reason);
}
