namespace ActorEmbed.Inference.Hub;

/// <summary>The model that comes with the server and with the package for hosts: small, and there without a download.</summary>
public static class EmbeddedModel
{
    /// <summary>Its name.</summary>
    public const string Name = "actorembed-starter-multilingual-256";

    /// <summary>Where it lies: beside the application's assemblies, whatever the working directory.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "models", Name);
}
