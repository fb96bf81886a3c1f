namespace ActorEmbed.Api.Hosting;

/// <summary>The model that is published with the server, for the time before a better one has been pulled.</summary>
internal static class EmbeddedModel
{
    /// <summary>Where it lies: beside the executable, whatever the working directory.</summary>
    public static string Directory { get; } =
        Path.Combine(AppContext.BaseDirectory, "models", "actorembed-starter-multilingual-256");
}
