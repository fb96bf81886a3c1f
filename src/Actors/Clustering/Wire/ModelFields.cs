using System.Runtime.Serialization;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Clustering.Wire;

/// <summary>The layouts of a <see cref="ModelInfo"/>, for <see cref="ClusterSerializer"/>.</summary>
internal static class ModelFields
{
    /// <summary>The layout that every node reads.</summary>
    public const int Plain = 1;

    /// <summary>Has prompts.</summary>
    public const int WithPrompts = 2;

    /// <summary>Has prompts, and says what the model is for.</summary>
    public const int WithKind = 3;

    // Stands for a number that is not there, where none can be negative.
    private const int None = -1;

    /// <summary>The oldest layout that has what the model has, so that as many nodes as possible read it.</summary>
    public static int VersionOf(ModelInfo model) =>
        model.Kind != ModelKind.Embedder ? WithKind : model.Prompts.All.Count > 0 ? WithPrompts : Plain;

    public static void Write(WireWriter writer, ModelInfo model)
    {
        var version = VersionOf(model);
        writer.String(model.Id);
        writer.Int32(model.Dimensions);
        writer.Int32(model.MaxTokens);
        writer.String(model.Device);
        writer.String(model.Precision.ToString());
        writer.String(model.Fingerprint);
        writer.Int32(model.VocabularySize ?? None);
        if (version >= WithPrompts)
            PromptFields.Write(writer, model.Prompts);
        if (version < WithKind)
            return;
        writer.String(model.Kind.ToString());
        writer.String(model.ScoreActivation.ToString());
    }

    public static ModelInfo Read(ref WireReader reader, int version)
    {
        var model = new ModelInfo(reader.String(), reader.Int32(), reader.Int32(), reader.String());
        model = model with
        {
            Precision = Named<Precision>(reader.String(), "precision"),
            Fingerprint = reader.NullableString(),
            VocabularySize = reader.Int32() is >= 0 and var size ? size : null,
        };
        if (version >= WithPrompts)
            model = model with { Prompts = PromptFields.ReadPrompts(ref reader) };
        return version < WithKind ? model : model with
        {
            Kind = Named<ModelKind>(reader.String(), "kind"),
            ScoreActivation = Named<ScoreActivation>(reader.String(), "activation"),
        };
    }

    private static T Named<T>(string name, string what)
        where T : struct, Enum =>
        Enum.TryParse<T>(name, out var known) ? known : throw new SerializationException($"The {what} '{name}' is unknown to this version of ActorEmbed.");
}
