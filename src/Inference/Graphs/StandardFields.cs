namespace ActorEmbed.Inference.Graphs;

/// <summary>The fields of <c>config.json</c> under which the transformers library keeps the shape of most of its models.</summary>
internal static class StandardFields
{
    private static readonly string[] Counts =
    [
        "num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "vocab_size", "max_position_embeddings",
    ];

    /// <inheritdoc cref="EncoderConfig.FirstMissing" />
    public static string? FirstMissing(EncoderConfig config) => config.FirstMissing(Counts);

    /// <summary>The shape, before it was checked.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="paddingId">See <see cref="EncoderArchitecture.PaddingId"/>.</param>
    /// <param name="normEpsilon">See <see cref="EncoderArchitecture.NormEpsilon"/>.</param>
    /// <exception cref="ModelLoadException">A field is missing, or no whole number of at least 1.</exception>
    public static EncoderArchitecture Shape(EncoderConfig config, int? paddingId, float normEpsilon) => new(
        config.Count("num_hidden_layers"),
        config.Count("hidden_size"),
        config.Count("num_attention_heads"),
        config.Count("intermediate_size"),
        config.Count("vocab_size"),
        config.Count("max_position_embeddings"),
        paddingId,
        normEpsilon);
}
