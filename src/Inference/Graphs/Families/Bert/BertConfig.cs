namespace ActorEmbed.Inference.Graphs.Families.Bert;

/// <summary>The fields that the transformers library reads for BERT and for those that took over its configuration.</summary>
internal static class BertConfig
{
    // As the transformers library has it for configurations that leave the field out.
    private const float DefaultNormEpsilon = 1e-12f;

    // The same.
    private const int DefaultTokenTypes = 2;

    /// <summary>Rows of the table of token types.</summary>
    /// <exception cref="ModelLoadException">The field is no whole number of at least 1.</exception>
    public static int TokenTypes(EncoderConfig config) => config.Count("type_vocab_size", DefaultTokenTypes);

    /// <param name="config">The configuration.</param>
    /// <param name="paddingId">See <see cref="EncoderArchitecture.PaddingId"/>.</param>
    /// <param name="whyNot">What is not known, where it returns null.</param>
    public static EncoderArchitecture? TryRead(EncoderConfig config, int? paddingId, out string whyNot)
    {
        var positionType = config.Text("position_embedding_type", "absolute");
        var activation = config.Text("hidden_act", "gelu");
        whyNot =
            positionType != "absolute" ? $"position_embedding_type '{positionType}' is not known to it"
            // Only the exact form: its approximations ("gelu_new", "gelu_fast") give other vectors.
            : activation != "gelu" ? $"hidden_act '{activation}' is not known to it"
            : config.Flag("is_decoder") || config.Flag("add_cross_attention") ? "it is a decoder"
            : StandardFields.FirstMissing(config) ?? "";
        return whyNot.Length > 0 ? null : config.Checked(StandardFields.Shape(config, paddingId, config.Number("layer_norm_eps") ?? DefaultNormEpsilon));
    }
}
