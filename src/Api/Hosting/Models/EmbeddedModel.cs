namespace ActorEmbed.Api.Hosting.Models;

/// <summary>The model that is published with the server, for the time before a better one has been pulled.</summary>
internal static class EmbeddedModel
{
    public const string Name = "actorembed-starter-multilingual-256";

    /// <summary>Where it lies: beside the executable, whatever the working directory.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "models", Name);
}
