using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>The names that a model goes by.</summary>
public static class ModelNames
{
    /// <summary>What Ollama puts after every name that has no tag of its own.</summary>
    public const string LatestTag = ":latest";

    /// <summary>Whether a name is that of the model: its full id or its short name, in any case, with or without Ollama's tag.</summary>
    /// <param name="name">The name.</param>
    /// <param name="model">The model.</param>
    public static bool IsOf(string name, ModelInfo model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return IsOf(name, model.Id);
    }

    /// <inheritdoc cref="IsOf(string, ModelInfo)" />
    /// <param name="name">The name.</param>
    /// <param name="id">The model's full id, or another name of it.</param>
    public static bool IsOf(string name, string id)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(id);
        var bare = name.EndsWith(LatestTag, StringComparison.OrdinalIgnoreCase) ? name[..^LatestTag.Length] : name;
        return bare.Equals(id, StringComparison.OrdinalIgnoreCase)
            || bare.Equals(id[(id.LastIndexOf('/') + 1)..], StringComparison.OrdinalIgnoreCase)
            // The name itself may end so.
            || name.Equals(id, StringComparison.OrdinalIgnoreCase);
    }
}
