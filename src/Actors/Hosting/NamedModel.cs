using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Actors.Hosting;

/// <summary>The model that a host has named, as the server's <c>--model</c> takes it.</summary>
internal static class NamedModel
{
    /// <summary>
    /// Its directory; a model of the hub that the Hugging Face cache does not have is pulled into it first. Blocks: called on a
    /// thread that has nothing else to do.
    /// </summary>
    /// <exception cref="ModelLoadException">It cannot be had; the message says why and what to do.</exception>
    public static string Fetch(ActorEmbedOptions options, LoadContext context)
    {
        var location = LocationOf(options);
        if (location.Directory is { } directory)
            return directory;
        try
        {
            using var hub = new ModelHub(HubOptions.FromEnvironment(Environment.GetEnvironmentVariable));
            return hub.PullAsync(location.Reference!, new PullLog((context.Loggers ?? NullLoggerFactory.Instance).CreateLogger<PullLog>()), context.Stopping).GetAwaiter().GetResult();
        }
        catch (ModelPullException e)
        {
            // It has been tried again for as long as that made sense.
            throw new ModelLoadException(e.Message, e);
        }
    }

    /// <summary>Says at once what is no model at all, so that a host with a misspelled path does not start.</summary>
    /// <exception cref="ModelLoadException">It is neither a directory nor the name of a model.</exception>
    public static ModelLocation LocationOf(ActorEmbedOptions options) =>
        ModelLocation.Find(options.Model!, options.Revision, options.Inference.Variant);
}
