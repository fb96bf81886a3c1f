using Microsoft.Extensions.Configuration;

namespace ActorEmbed.Actors.Hosting;

/// <summary>Reads a section of a host's configuration.</summary>
internal static class StrictBinding
{
    /// <summary>A misspelled setting would leave a default in its place without a word.</summary>
    /// <exception cref="InvalidOperationException">A name is no setting, or a value cannot be read; the message names it.</exception>
    public static void BindStrictly(this IConfiguration configuration, ActorEmbedOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
    }
}
