using ActorEmbed.Inference;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>Writes vectors in the order of their texts.</summary>
internal interface IVectorWriter
{
    void Write(long index, TextEmbedding embedding);

    /// <summary>Hands over what is held back, so that a reader sees it.</summary>
    void Flush();

    /// <summary>Called once, after the last vector.</summary>
    void Finish();
}
