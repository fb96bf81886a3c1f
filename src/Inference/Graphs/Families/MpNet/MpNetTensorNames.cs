using ActorEmbed.Inference.Graphs.PostNorm;

namespace ActorEmbed.Inference.Graphs.Families.MpNet;

/// <summary>
/// The names that Hugging Face's MPNetModel gives its tensors, with or without the prefix of a task model. A pooler or a
/// head beside them is ignored.
/// </summary>
internal sealed class MpNetTensorNames : IPostNormTensorNames
{
    /// <summary>[buckets, heads], one table for all layers: see <see cref="RelativeBias"/>.</summary>
    public const string RelativeBias = "encoder.relative_attention_bias.weight";

    public static MpNetTensorNames Instance { get; } = new();

    public IReadOnlyList<string> Prefixes { get; } = ["", "mpnet.", "model.", "0.auto_model."];

    public string TokenTable => "embeddings.word_embeddings.weight";

    public string PositionTable => "embeddings.position_embeddings.weight";

    public string? TokenTypeTable => null;

    public string? ScoreBiasTable => RelativeBias;

    public string EmbeddingNorm => "embeddings.LayerNorm";

    public string Query(int layer) => $"encoder.layer.{layer}.attention.attn.q";

    public string Key(int layer) => $"encoder.layer.{layer}.attention.attn.k";

    public string Value(int layer) => $"encoder.layer.{layer}.attention.attn.v";

    public string AttentionOutput(int layer) => $"encoder.layer.{layer}.attention.attn.o";

    public string AttentionNorm(int layer) => $"encoder.layer.{layer}.attention.LayerNorm";

    public string FeedForwardUp(int layer) => $"encoder.layer.{layer}.intermediate.dense";

    public string FeedForwardDown(int layer) => $"encoder.layer.{layer}.output.dense";

    public string FeedForwardNorm(int layer) => $"encoder.layer.{layer}.output.LayerNorm";
}
