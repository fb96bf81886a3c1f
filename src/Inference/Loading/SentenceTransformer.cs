using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Modules;
using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Loading;

/// <summary>Tokenizer, graph, pooling and what follows it of one model; gives what sentence-transformers' <c>encode()</c> gives.</summary>
/// <param name="info">What was loaded.</param>
/// <param name="tokenizer">Of the model.</param>
/// <param name="encoder">The graph and the pooling.</param>
/// <param name="modules">Those after the pooling, in order.</param>
/// <param name="poolsPrompt">Whether the tokens of a prompt count in the pooling.</param>
internal sealed class SentenceTransformer(
    ModelInfo info, IModelTokenizer tokenizer, ITextEncoder encoder, IReadOnlyList<IVectorModule> modules, bool poolsPrompt)
    : IEmbeddingModel
{
    private readonly PromptedTokenizer _prompted = new(tokenizer, info.Prompts);

    public ModelInfo Info => info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts)
    {
        var embeddings = new TextEmbedding[texts.Count];
        var kept = new List<(int Text, TokenizedText Tokens, int PromptTokens)>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            var (tokens, promptTokens) = _prompted.Tokenize(texts[i]);
            if (tokens.IsTruncated && !texts[i].Truncate)
                embeddings[i] = TextEmbedding.TooLong;
            else
                kept.Add((i, tokens, promptTokens));
        }

        foreach (var alike in kept.ToLookup(k => texts[k.Text].EachToken))
        {
            int[][] ids = [.. alike.Select(k => k.Tokens.Ids)];
            var vectors = alike.Key ? encoder.EncodeTokens(ids) : encoder.Encode(ids, poolsPrompt ? [] : [.. alike.Select(k => k.PromptTokens)]);
            foreach (var ((text, tokens, _), vector) in alike.Zip(vectors))
                embeddings[text] = new TextEmbedding(alike.Key ? vector : Finish(vector), tokens.Ids.Length, tokens.IsTruncated);
        }

        return embeddings;
    }

    public TextTokens Tokenize(string text, CancellationToken cancellation = default) => tokenizer.TokenizeWhole(text, cancellation);

    public TokenPiece PieceOf(int id) => tokenizer.PieceOf(id);

    public string Decode(IReadOnlyList<int> ids, bool skipsSpecialTokens) => tokenizer.Decode(ids, skipsSpecialTokens);

    public void Dispose() => encoder.Dispose();

    private float[] Finish(float[] pooled) => modules.Aggregate(pooled, (before, module) => module.Apply(before));
}
