namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// What is known of the inputs and outputs of the ONNX graphs that repositories ship. Sizes: B texts, padded on the
/// right to S tokens.
/// </summary>
internal static class PaddedGraph
{
    /// <summary>int64 [B, S].</summary>
    public const string Ids = "input_ids";

    /// <summary>int64 [B, S]: 1 for a token, 0 for padding.</summary>
    public const string Mask = "attention_mask";

    /// <summary>int64 [B, S]: 0 for single texts; for pairs what the template of the tokenizer says.</summary>
    public const string Types = "token_type_ids";

    /// <summary>int64 [B, S]: the row of the position table, or the place that a rotation goes by.</summary>
    public const string Positions = "position_ids";

    /// <summary>float [B, dimensions]: the vectors themselves.</summary>
    public const string Pooled = "sentence_embedding";

    /// <summary>float [B, labels]: what a classifier gives.</summary>
    public const string Logits = "logits";

    /// <summary>float [B, S, dimensions], under either of the names that exporters use.</summary>
    public static readonly IReadOnlyList<string> TokenOutputs = ["last_hidden_state", "token_embeddings"];

    private static readonly string[] Inputs = [Ids, Mask, Types, Positions];

    /// <summary>Why a graph cannot be run, as the end of a sentence; null where nothing stands against it.</summary>
    /// <param name="inputs">Names of what a run has to be given.</param>
    /// <param name="outputs">Names of what a run gives.</param>
    public static string? WhyNot(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs) =>
        inputs.FirstOrDefault(name => !Inputs.Contains(name)) is { } unknown
            ? $"it wants the input '{unknown}', which is not supported; {string.Join(", ", Inputs)} are"
            : !inputs.Contains(Ids) ? $"it has no input '{Ids}'"
            : outputs.Count == 0 ? "it has no output"
            : null;
}
