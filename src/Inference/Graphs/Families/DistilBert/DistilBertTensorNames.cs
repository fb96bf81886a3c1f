using ActorEmbed.Inference.Graphs.PostNorm;

namespace ActorEmbed.Inference.Graphs.Families.DistilBert;

/// <summary>The names that Hugging Face's DistilBertModel gives its tensors, with or without the prefix of a task model.</summary>
internal sealed class DistilBertTensorNames : IPostNormTensorNames
{
    public static DistilBertTensorNames Instance { get; } = new();

    public IReadOnlyList<string> Prefixes { get; } = ["", "distilbert.", "model.", "0.auto_model."];

    public string TokenTable => "embeddings.word_embeddings.weight";

    public string PositionTable => "embeddings.position_embeddings.weight";

    public string? TokenTypeTable => null;

    public string EmbeddingNorm => "embeddings.LayerNorm";

    public string Query(int layer) => $"transformer.layer.{layer}.attention.q_lin";

    public string Key(int layer) => $"transformer.layer.{layer}.attention.k_lin";

    public string Value(int layer) => $"transformer.layer.{layer}.attention.v_lin";

    public string AttentionOutput(int layer) => $"transformer.layer.{layer}.attention.out_lin";

    public string AttentionNorm(int layer) => $"transformer.layer.{layer}.sa_layer_norm";

    public string FeedForwardUp(int layer) => $"transformer.layer.{layer}.ffn.lin1";

    public string FeedForwardDown(int layer) => $"transformer.layer.{layer}.ffn.lin2";

    public string FeedForwardNorm(int layer) => $"transformer.layer.{layer}.output_layer_norm";
}
