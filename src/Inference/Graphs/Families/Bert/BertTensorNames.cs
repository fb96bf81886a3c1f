using ActorEmbed.Inference.Graphs.PostNorm;

namespace ActorEmbed.Inference.Graphs.Families.Bert;

/// <summary>
/// The names that Hugging Face's BertModel gives its tensors, with or without the prefix of a task model; XLMRobertaModel
/// kept them. A pooler or a head beside them is ignored.
/// </summary>
internal sealed class BertTensorNames : IPostNormTensorNames
{
    public static BertTensorNames Instance { get; } = new();

    public IReadOnlyList<string> Prefixes { get; } = ["", "roberta.", "bert.", "model.", "0.auto_model."];

    public string TokenTable => "embeddings.word_embeddings.weight";

    public string PositionTable => "embeddings.position_embeddings.weight";

    public string? TokenTypeTable => "embeddings.token_type_embeddings.weight";

    public string EmbeddingNorm => "embeddings.LayerNorm";

    public string Query(int layer) => $"encoder.layer.{layer}.attention.self.query";

    public string Key(int layer) => $"encoder.layer.{layer}.attention.self.key";

    public string Value(int layer) => $"encoder.layer.{layer}.attention.self.value";

    public string AttentionOutput(int layer) => $"encoder.layer.{layer}.attention.output.dense";

    public string AttentionNorm(int layer) => $"encoder.layer.{layer}.attention.output.LayerNorm";

    public string FeedForwardUp(int layer) => $"encoder.layer.{layer}.intermediate.dense";

    public string FeedForwardDown(int layer) => $"encoder.layer.{layer}.output.dense";

    public string FeedForwardNorm(int layer) => $"encoder.layer.{layer}.output.LayerNorm";
}
