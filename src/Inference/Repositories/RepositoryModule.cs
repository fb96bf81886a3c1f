using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>One entry of <c>modules.json</c>.</summary>
/// <param name="Type">Last part of the Python class name, such as <c>Pooling</c>.</param>
/// <param name="Path">Directory of the module's files inside the repository; empty for its root.</param>
internal sealed record RepositoryModule(string Type, string Path)
{
    /// <exception cref="ModelLoadException">An entry is not as it should be.</exception>
    public static IReadOnlyList<RepositoryModule> Of(JsonFile modules) => [.. modules.Items().Select(Read)];

    private static RepositoryModule Read(JsonFile entry)
    {
        var type = entry.RequiredText("type");
        // Some tools write "." for the directory of modules.json itself.
        var path = (entry.Text("path") ?? "").Trim('/') is var written and not "." ? written : "";
        return path.Length == 0 || RepositoryPath.IsSafe(path)
            ? new RepositoryModule(type[(type.LastIndexOf('.') + 1)..], path)
            : throw new ModelLoadException("modules.json names a module outside of the model's directory: the model is damaged.");
    }
}
