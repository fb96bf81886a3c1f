using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Modules;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Loading;

/// <summary>
/// Scores texts against queries: tokenizer, graph and classifier of one reranker. What it gives of a pair is its logit, a
/// vector of one component.
/// </summary>
/// <param name="info">What was loaded.</param>
/// <param name="tokenizer">Of the model.</param>
/// <param name="pairs">The same, for pairs.</param>
/// <param name="encoder">The graph; with the classifier where it is a repository's own.</param>
/// <param name="classifier">What follows the pooling otherwise.</param>
internal sealed class CrossEncoder(
    ModelInfo info, IModelTokenizer tokenizer, PairTokenizer pairs, ITextEncoder encoder, IReadOnlyList<IVectorModule> classifier)
    : IEmbeddingModel
{
    public ModelInfo Info => info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts)
    {
        var embeddings = new TextEmbedding[texts.Count];
        var kept = new List<(int Text, TokenizedText Tokens)>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i] is not { Query: { } query, Text: { } text })
                throw new InferenceException($"{info.Id} is a reranker: it takes pairs of a query and a text.");
            var tokens = pairs.Tokenize(query, text);
            if (tokens.IsTruncated && !texts[i].Truncate)
                embeddings[i] = TextEmbedding.TooLong;
            else
                kept.Add((i, tokens));
        }

        var vectors = encoder.Encode([.. kept.Select(k => k.Tokens.Ids)], types: [.. kept.Select(k => k.Tokens.Types)]);
        for (var k = 0; k < vectors.Length; k++)
        {
            var (text, tokens) = kept[k];
            embeddings[text] = new TextEmbedding(classifier.Aggregate(vectors[k], (before, module) => module.Apply(before)), tokens.Ids.Length, tokens.IsTruncated);
        }

        return embeddings;
    }

    public TextTokens Tokenize(string text, CancellationToken cancellation = default) => tokenizer.TokenizeWhole(text, cancellation);

    public TokenPiece PieceOf(int id) => tokenizer.PieceOf(id);

    public string Decode(IReadOnlyList<int> ids, bool skipsSpecialTokens) => tokenizer.Decode(ids, skipsSpecialTokens);

    public void Dispose() => encoder.Dispose();
}
