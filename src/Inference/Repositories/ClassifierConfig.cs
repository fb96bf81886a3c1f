using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>
/// What <c>config.json</c> says of a classifier behind the encoder. One with a single label is a reranker: it scores a text
/// against a query (docs/decisions/026-rerankers.md).
/// </summary>
internal static class ClassifierConfig
{
    private const string Suffix = "ForSequenceClassification";

    // What the transformers library takes where a configuration names no labels.
    private const int DefaultLabels = 2;

    // Since version 5.4 of sentence-transformers in the file of the whole model, since 4 here, and before under a name of its own.
    private const string ActivationField = "activation_fn";
    private const string SectionField = "sentence_transformers";
    private const string OldActivationField = "sbert_ce_default_activation_function";

    /// <summary>Name of the class, such as <c>BertForSequenceClassification</c>; null where the model is no classifier.</summary>
    /// <exception cref="ModelLoadException">The field holds no texts.</exception>
    public static string? ArchitectureOf(JsonFile config) =>
        config.TextOrTexts("architectures")?.FirstOrDefault(name => name.EndsWith(Suffix, StringComparison.Ordinal));

    /// <summary>How many labels it has.</summary>
    /// <exception cref="ModelLoadException">A field is damaged.</exception>
    public static int LabelsOf(JsonFile config) => config.FieldsOf("id2label") ?? config.Count("num_labels") ?? DefaultLabels;

    /// <summary>What makes scores of its logits, as sentence-transformers' <c>CrossEncoder</c> decides it.</summary>
    /// <param name="config"><c>config.json</c>.</param>
    /// <param name="model"><c>config_sentence_transformers.json</c>, where the repository names its modules; null otherwise.</param>
    /// <exception cref="ModelLoadException">It is a function that is not supported.</exception>
    public static ScoreActivation ActivationOf(JsonFile config, JsonFile? model)
    {
        var name = model?.Text(ActivationField) ?? config.Object(SectionField)?.Text(ActivationField) ?? config.Text(OldActivationField);
        return name?[(name.LastIndexOf('.') + 1)..] switch
        {
            null or "Sigmoid" => ScoreActivation.Sigmoid,
            "Identity" => ScoreActivation.Identity,
            _ => throw new ModelLoadException($"{config.Name}: the activation '{name}' is not supported for rerankers; Identity and Sigmoid are."),
        };
    }
}
