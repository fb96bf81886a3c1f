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
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(model);
        var bare = name.EndsWith(LatestTag, StringComparison.OrdinalIgnoreCase) ? name[..^LatestTag.Length] : name;
        return bare.Equals(model.Id, StringComparison.OrdinalIgnoreCase) || bare.Equals(model.ShortName, StringComparison.OrdinalIgnoreCase);
    }
}
