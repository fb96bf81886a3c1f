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
    /// <summary>The model's full id.</summary>
    public string Id { get; private init; } = "";

    /// <summary>What it is for; null where it has to be pulled first.</summary>
    public ModelKind? Kind { get; private init; }

    /// <summary>Chooses, touching the disk but not the network.</summary>
    /// <param name="options">Valid; of several models the first is meant.</param>
    /// <param name="getEnvironmentVariable">For the settings of the hub.</param>
    /// <exception cref="ModelLoadException">The named model is neither on the disk nor a model of the hub, or it is damaged.</exception>
    /// <exception cref="ModelPullException">The settings of the hub are wrong.</exception>
    public static ModelChoice For(ServerOptions options, Func<string, string?> getEnvironmentVariable) =>
        For(options.ServedModels[0], getEnvironmentVariable);

    /// <inheritdoc cref="For(ServerOptions, Func{string, string?})" />
    /// <param name="entry">Valid.</param>
    /// <param name="getEnvironmentVariable">For the settings of the hub.</param>
    public static ModelChoice For(ModelEntry entry, Func<string, string?> getEnvironmentVariable)
    {
        var choice = entry.Model is { } model
            ? Named(model, entry, getEnvironmentVariable)
            : Unnamed(getEnvironmentVariable);
        if (choice.Directory is null)
            return choice with { Id = choice.Reference!.Id };
        var (id, kind, source) = ModelLoader.Inspect(choice.Directory, entry.Variant);
        return choice with { Id = id, Kind = kind, Source = source };
    }

    private static ModelChoice Named(string model, ModelEntry entry, Func<string, string?> getEnvironmentVariable)
    {
        var location = ModelLocation.Find(model, entry.Revision, entry.Variant);
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
