using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http;

/// <summary>The names that the loaded model goes by.</summary>
internal static class ModelNames
{
    /// <summary>What Ollama puts after every name that has no tag of its own.</summary>
    public const string LatestTag = ":latest";

    /// <summary>Whether a name is that of the model: its full id or its short name, in any case, with or without Ollama's tag.</summary>
    public static bool IsOf(string name, ModelInfo model)
    {
        var bare = name.EndsWith(LatestTag, StringComparison.OrdinalIgnoreCase) ? name[..^LatestTag.Length] : name;
        return bare.Equals(model.Id, StringComparison.OrdinalIgnoreCase) || bare.Equals(model.ShortName, StringComparison.OrdinalIgnoreCase);
    }

    /// <exception cref="BadRequestException">It is another model's.</exception>
    public static void Check(string name, ModelInfo model)
    {
        if (!IsOf(name, model))
            throw new BadRequestException(StatusCodes.Status404NotFound, $"The model '{name}' is not loaded here; this server has {model.Id}.", "model");
    }
}
