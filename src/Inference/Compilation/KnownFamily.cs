using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Families;
using ActorEmbed.Inference.Weights;
using ActorEmbed.Inference.Weights.Exported;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Compilation;

/// <summary>Finds the family of a model, and its tensors.</summary>
internal static class KnownFamily
{
    /// <summary>What the reason begins with where there are no weights.</summary>
    public const string NoFile = "there is no ";

    /// <summary>Opens what was found.</summary>
    public delegate T? Opening<T>(EncoderArchitecture architecture, IModelWeights files, IEncoderWriter writer, out string whyNot);

    /// <summary>Finds the family of a model and its tensors.</summary>
    public static T? TryOpen<T>(CompiledModelSource source, Opening<T> open, ILogger logger, out string whyNot)
        where T : class
    {
        if (source.WeightsPaths.FirstOrDefault(path => !File.Exists(path)) is { } lacking)
        {
            whyNot = NoFile + lacking;
            logger.LogDebug("The model is not compiled: {Reason}", whyNot);
            return null;
        }

        var config = EncoderConfig.Read(source.ConfigPath);
        whyNot = $"model_type '{config.ModelType}' is not known to it";
        if (EncoderFamilies.Find(config) is { } family && family.TryRead(config, out whyNot) is { } architecture)
        {
            // A table of one row tells nothing apart.
            if (source.Head is { TokenTypes: > 1 } head)
                architecture = architecture with { TokenTypes = head.TokenTypes };
            if (source.OriginalGraph is null)
            {
                using var files = new SafetensorsFiles(source.WeightsPaths);
                if (family.TryOpen(files, architecture, out whyNot) is { } writer
                    && open(architecture, files, writer, out whyNot) is { } opened)
                    return opened;
            }
            else
            {
                using var exported = ExportedWeights.Open(source.WeightsPaths[^1]);
                if (ExportedEncoder.TryOpen(family, exported, architecture, out whyNot) is { } writer
                    && open(architecture, exported, writer, out whyNot) is { } opened)
                    return opened;
            }
        }

        return null;
    }
}
