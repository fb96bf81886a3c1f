namespace ActorEmbed.Inference;

/// <summary>What is known of a loaded model.</summary>
/// <param name="Id">Full id, such as <c>sentence-transformers/paraphrase-multilingual-mpnet-base-v2</c>.</param>
/// <param name="Dimensions">Length of each vector.</param>
/// <param name="MaxTokens">Tokens of one text that reach the model, the special tokens included.</param>
/// <param name="Device"><c>cpu</c>, <c>mps</c> or <c>cuda</c>.</param>
public sealed record ModelInfo(string Id, int Dimensions, int MaxTokens, string Device)
{
    /// <summary>Tokens that stand around each text: one before it, one after it.</summary>
    public const int SpecialTokensAround = 2;

    /// <summary>Token ids are below this; null where it is not known.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Whether it gives vectors or scores. What a reranker gives of a pair is a vector of one component, the logit.</summary>
    public ModelKind Kind { get; init; }

    /// <summary>
    /// Length of the vector of a token (<see cref="EmbeddingInput.EachToken"/>); null where the model has none, or where it is not known.
    /// </summary>
    public int? TokenDimensions { get; init; }

    /// <summary>What makes scores of a reranker's logits, as sentence-transformers' <c>CrossEncoder</c> does it.</summary>
    public ScoreActivation ScoreActivation { get; init; }

    /// <summary>What the dense products are computed with.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>
    /// Share of the int8 products whose inputs were observed on calibration texts when the model was compiled, between 0 and 1.
    /// Null in fp32, and where it is not known.
    /// </summary>
    public double? CalibratedShare { get; init; }

    /// <summary>
    /// SHA-256 over the files that decide the vectors, in hexadecimal; null where it was not asked for
    /// (<see cref="ModelOptions.ComputeFingerprint"/>).
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>How token vectors are pooled, as <c>mean</c>; <c>graph</c> where the model's own graph does it; null where it is not known.</summary>
    public string? Pooling { get; init; }

    /// <summary>What is run, as <c>compiled from model.safetensors</c> or <c>runs onnx/model.onnx</c>; null where it is not known.</summary>
    public string? Source { get; init; }

    /// <summary><c>model_type</c> of its configuration, such as <c>bert</c>; null where it is not known.</summary>
    public string? Family { get; init; }

    /// <summary>Bytes of the files with its weights; null where that is not known.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>Numbers in its weights; null where that is not known.</summary>
    public long? Parameters { get; init; }

    /// <summary>What the repository leaves open and had to be assumed, one sentence; null where nothing had.</summary>
    public string? Assumption { get; init; }

    /// <summary>What may be put before a text, and what is by default.</summary>
    public ModelPrompts Prompts { get; init; } = ModelPrompts.None;

    /// <summary>Shorter lengths that the repository names for its vectors.</summary>
    public MatryoshkaDimensions Matryoshka { get; init; } = MatryoshkaDimensions.None;

    /// <summary>The part of <see cref="Id"/> after the last slash.</summary>
    public string ShortName => Id[(Id.LastIndexOf('/') + 1)..];
}
