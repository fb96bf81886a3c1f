using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.Http.Dialects.Ollama;

/// <summary>A model in the words of Ollama.</summary>
internal static class OllamaModel
{
    private const double Thousand = 1e3;

    // Where its files do not say.
    private const string UnknownFamily = "unknown";

    /// <summary>As Ollama calls a model: the short name, where that is no other's, with a tag.</summary>
    public static string TagOf(string label, ServedModels models)
    {
        var shortName = label[(label.LastIndexOf('/') + 1)..];
        var isClear = !models.AreSeveral || models.Choose(shortName).Label == label;
        return (isClear ? shortName : label) + ModelNames.LatestTag;
    }

    public static string FamilyOf(ModelInfo? model) => model?.Family ?? UnknownFamily;

    /// <summary>Ollama's own command line cuts it to 12 characters, so there has to be one; a model has no single file to hash.</summary>
    public static string DigestOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    public static object DetailsOf(ModelInfo? model) => new
    {
        parent_model = "",
        format = "onnx",
        family = FamilyOf(model),
        families = new[] { FamilyOf(model) },
        parameter_size = model?.Parameters is { } parameters ? Shortened(parameters) : "",
        quantization_level = model?.Precision switch { null => "", Precision.Int8 => "INT8", Precision.Fp16 => "F16", _ => "F32" },
    };

    /// <summary>Such as 118M.</summary>
    private static string Shortened(double number)
    {
        string[] units = ["", "K", "M", "B", "T"];
        var unit = 0;
        for (; number >= Thousand && unit + 1 < units.Length; unit++)
            number /= Thousand;
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#}{units[unit]}");
    }
}
