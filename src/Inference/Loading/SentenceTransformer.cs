using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Modules;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Loading;

/// <summary>Tokenizer, graph, pooling and what follows it of one model; gives what sentence-transformers' <c>encode()</c> gives.</summary>
internal sealed class SentenceTransformer(ModelInfo info, IModelTokenizer tokenizer, ITextEncoder encoder, IReadOnlyList<IVectorModule> modules)
    : IEmbeddingModel
{
    public ModelInfo Info => info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts)
    {
        var embeddings = new TextEmbedding[texts.Count];
        var kept = new List<(int Text, TokenizedText Tokens)>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            var tokens = texts[i].TokenIds is { } ids ? tokenizer.Enclose(ids) : tokenizer.Tokenize(texts[i].Text!);
            if (tokens.IsTruncated && !texts[i].Truncate)
                embeddings[i] = TextEmbedding.TooLong;
            else
                kept.Add((i, tokens));
        }

        var vectors = encoder.Encode([.. kept.Select(k => k.Tokens.Ids)]);
        for (var k = 0; k < vectors.Length; k++)
        {
            var (text, tokens) = kept[k];
            var vector = modules.Aggregate(vectors[k], (before, module) => module.Apply(before));
            embeddings[text] = new TextEmbedding(vector, tokens.Ids.Length, tokens.IsTruncated);
        }

        return embeddings;
    }

    public TextTokens Tokenize(string text, CancellationToken cancellation = default) => tokenizer.TokenizeWhole(text, cancellation);

    public TokenPiece PieceOf(int id) => tokenizer.PieceOf(id);

    public void Dispose() => encoder.Dispose();
}
