using ActorEmbed.Inference;

namespace ActorEmbed.Actors.WorkProtocol;

/// <summary>
/// What has to be the same for two workers to serve as one model. It travels between nodes; the rest, such as how a model is
/// run, is known only where it is loaded.
/// </summary>
internal static class ModelIdentity
{
    public static ModelInfo Of(ModelInfo model) => new(model.Id, model.Dimensions, model.MaxTokens, model.Device)
    {
        VocabularySize = model.VocabularySize,
        Kind = model.Kind,
        ScoreActivation = model.ScoreActivation,
        Precision = model.Precision,
        Fingerprint = model.Fingerprint,
        Prompts = model.Prompts,
    };

    public static bool IsSame(ModelInfo one, ModelInfo other) => Of(one) == Of(other);
}
