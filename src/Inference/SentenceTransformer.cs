using ActorEmbed.Inference.Encoding;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference;

/// <summary>Tokenizer, graph and pooling of one model; gives what sentence-transformers' <c>encode()</c> gives.</summary>
internal sealed class SentenceTransformer(ModelInfo info, ITextTokenizer tokenizer, ITextEncoder encoder, bool normalizes)
    : IEmbeddingModel
{
    public ModelInfo Info => info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<TextInput> texts)
    {
        var embeddings = new TextEmbedding[texts.Count];
        var tokenized = new List<(int Text, TokenizedText Tokens)>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            var tokens = texts[i].TokenIds is { } ids ? tokenizer.Enclose(ids) : tokenizer.Tokenize(texts[i].Text!);
            if (tokens.IsTruncated && texts[i].MustFit)
                embeddings[i] = TextEmbedding.Refused;
            else
                tokenized.Add((i, tokens));
        }

        foreach (var run in MicroBatches.Cut([.. tokenized.Select(t => t.Tokens.Ids.Length)]))
        {
            var vectors = encoder.Encode(Array.ConvertAll(run, t => tokenized[t].Tokens.Ids));
            for (var r = 0; r < run.Length; r++)
            {
                var (text, tokens) = tokenized[run[r]];
                var vector = normalizes ? VectorNorm.Normalize(vectors[r]) : vectors[r];
                embeddings[text] = new TextEmbedding(vector, tokens.Ids.Length, tokens.IsTruncated);
            }
        }

        return embeddings;
    }

    public int[] Tokenize(string text) => tokenizer.TokenizeWhole(text);

    public TokenPiece PieceOf(int id) => tokenizer.PieceOf(id);

    public void Dispose() => encoder.Dispose();
}
