using Microsoft.Extensions.Options;

namespace ActorEmbed.Client.Hosting;

/// <summary>Under which name the options of a service stand.</summary>
internal static class OptionsName
{
    /// <summary>That of the service's key; options without a name belong to the service without a key.</summary>
    public static string Of(object? key) => key?.ToString() ?? Options.DefaultName;
}
