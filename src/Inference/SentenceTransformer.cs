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
        var lengths = new int[texts.Count];
        for (var i = 0; i < tokenized.Length; i++)
        {
            tokenized[i] = tokenizer.Tokenize(texts[i]);
            lengths[i] = tokenized[i].Ids.Length;
        }

        var embeddings = new TextEmbedding[texts.Count];
        foreach (var run in MicroBatches.Cut(lengths))
        {
            var vectors = encoder.Encode(Array.ConvertAll(run, i => tokenized[i].Ids));
            for (var r = 0; r < run.Length; r++)
            {
                var text = run[r];
                var vector = normalizes ? VectorNorm.Normalize(vectors[r]) : vectors[r];
                embeddings[text] = new TextEmbedding(vector, lengths[text], tokenized[text].IsTruncated);
            }
        }

        return embeddings;
    }

    public void Dispose() => encoder.Dispose();
}
