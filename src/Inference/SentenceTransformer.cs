using ActorEmbed.Inference.Encoding;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference;

/// <summary>Tokenizer, graph and pooling of one model; gives what sentence-transformers' <c>encode()</c> gives.</summary>
internal sealed class SentenceTransformer(ModelInfo info, ITextTokenizer tokenizer, ITextEncoder encoder, bool normalizes)
    : IEmbeddingModel
{
    public ModelInfo Info => info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<string> texts)
    {
        var tokenized = new TokenizedText[texts.Count];
        for (var i = 0; i < tokenized.Length; i++)
            tokenized[i] = tokenizer.Tokenize(texts[i]);

        var vectors = encoder.Encode(Array.ConvertAll(tokenized, t => t.Ids));
        var embeddings = new TextEmbedding[texts.Count];
        for (var i = 0; i < embeddings.Length; i++)
        {
            var vector = normalizes ? VectorNorm.Normalize(vectors[i]) : vectors[i];
            embeddings[i] = new TextEmbedding(vector, tokenized[i].Ids.Length, tokenized[i].IsTruncated);
        }

        return embeddings;
    }

    public void Dispose() => encoder.Dispose();
}
