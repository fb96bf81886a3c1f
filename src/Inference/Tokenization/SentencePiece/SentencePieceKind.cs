namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>How a model numbers the pieces of its SentencePiece file.</summary>
internal enum SentencePieceKind
{
    /// <summary>XLM-RoBERTa: four special tokens in front, everything else one further up.</summary>
    XlmRoberta,

    /// <summary>CamemBERT: five tokens in front, everything else four further up.</summary>
    Camembert,
}
