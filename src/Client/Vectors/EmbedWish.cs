using Microsoft.Extensions.AI;

namespace ActorEmbed.Client.Vectors;

/// <summary>What a call wants of its vectors, beside the texts.</summary>
/// <param name="Normalize">Scaled to length 1.</param>
/// <param name="Truncate">False refuses a text that is too long; true cuts it.</param>
/// <param name="Dimensions">First components of each vector; null for all.</param>
/// <param name="Model">Name of the model that must make them; null for any.</param>
/// <param name="Prompt">What goes before each text.</param>
internal sealed record EmbedWish(bool Normalize, bool Truncate, int? Dimensions, string? Model, RequestedPrompt Prompt)
{
    public const string NormalizeField = "normalize";
    public const string TruncateField = "truncate";
    public const string DimensionsField = "dimensions";
    public const string ModelField = "model";

    /// <summary>What a call asks for, else what the client's options do.</summary>
    /// <exception cref="ArgumentException">A property is of the wrong type.</exception>
    public static EmbedWish Of(EmbeddingGenerationOptions? call, ActorEmbedClientOptions standard) => new(
        CallProperties.Flag(call, NormalizeField) ?? true,
        CallProperties.Flag(call, TruncateField) ?? standard.Truncate,
        call?.Dimensions ?? standard.Dimensions,
        call?.ModelId ?? standard.ModelId,
        RequestedPrompt.Of(call, standard.Prompt));
}
