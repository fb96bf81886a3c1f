using System.Text.Json;

namespace ActorEmbed.Inference.Hub;

/// <summary>One entry of <c>modules.json</c>.</summary>
/// <param name="Type">Last part of the Python class name, such as <c>Pooling</c>.</param>
/// <param name="Path">Directory of the module's files inside the repository; empty for its root.</param>
internal sealed record ModelModule(string Type, string Path)
{
    public bool IsTransformer => Type == "Transformer";

    /// <summary>A module without settings has no file, not even a directory, in git.</summary>
    public bool HasConfig => !IsTransformer && Type != "Normalize";

    /// <summary>Reads <c>modules.json</c>.</summary>
    /// <exception cref="ModelPullException"><see cref="PullFailure.Protocol"/>.</exception>
    public static IReadOnlyList<ModelModule> Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelPullException(
                PullFailure.Protocol,
                "modules.json of the model is not a list of modules with 'type' and 'path': the model is damaged " +
                "or of a kind that is not known here.", e);
        }
    }

    private static ModelModule Read(JsonElement element)
    {
        var type = element.GetProperty("type").GetString() ?? "";
        var path = (element.GetProperty("path").GetString() ?? "").Trim('/');
        return new ModelModule(type[(type.LastIndexOf('.') + 1)..], path);
    }
}
