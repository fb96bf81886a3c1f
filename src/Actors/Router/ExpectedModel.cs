using System.Diagnostics.CodeAnalysis;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Router;

/// <summary>The model that a router was told to serve, as far as it was told.</summary>
/// <param name="Name">Its id, the short name, or the beginning of its sha256; null for any.</param>
/// <param name="Precision">Null for any.</param>
internal sealed record ExpectedModel(string? Name, Precision? Precision)
{
    /// <summary>As many digits of a sha256 as tell two models apart: the logs show so many, and no fewer name one.</summary>
    public const int LeastDigits = 12;

    /// <summary>Whether it is this one.</summary>
    public bool Matches(ModelInfo model, [NotNullWhen(false)] out string? whyNot)
    {
        if (Name is { } name && !IsNamed(model, name))
            whyNot = $"It has {model.Id} (sha256 {model.Fingerprint ?? "unknown"}), but {name} is expected here.";
        else if (Precision is { } precision && precision != model.Precision)
            whyNot = $"It has {model.Id} in {model.Precision}, but {precision} is expected here.";
        else
            whyNot = null;
        return whyNot is null;
    }

    private static bool IsNamed(ModelInfo model, string name) =>
        name == model.Id || name == model.ShortName
        || name.Length >= LeastDigits && model.Fingerprint?.StartsWith(name, StringComparison.OrdinalIgnoreCase) == true;
}
