using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>The model that a router was told to serve, as far as it was told.</summary>
/// <param name="Name">Its id, the short name, or the beginning of its sha256; null for any.</param>
/// <param name="Precision">Null for any.</param>
internal sealed record ExpectedModel(string? Name, Precision? Precision)
{
    /// <summary>As many digits of a sha256 as tell two models apart: the logs show so many, and no fewer name one.</summary>
    public const int LeastDigits = 12;

    /// <summary>Null, or why it is another one.</summary>
    public string? WhyNot(ModelInfo model)
    {
        if (Name is { } name && !IsNamed(model, name))
            return $"It has {model.Id} (sha256 {model.Fingerprint ?? "unknown"}), but {name} is expected here.";
        return Precision is { } precision && precision != model.Precision
            ? $"It has {model.Id} in {model.Precision}, but {precision} is expected here."
            : null;
    }

    private static bool IsNamed(ModelInfo model, string name) =>
        name == model.Id || name == model.ShortName
        || name.Length >= LeastDigits && model.Fingerprint?.StartsWith(name, StringComparison.OrdinalIgnoreCase) == true;
}
