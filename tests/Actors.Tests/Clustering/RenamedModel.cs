using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Tests.Clustering;

/// <summary>A model that says of itself what a test wants.</summary>
internal sealed class RenamedModel(IEmbeddingModel model, ModelInfo info) : IEmbeddingModel
{
    public ModelInfo Info => info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts) => model.Embed(texts);

    public TextTokens Tokenize(string text, CancellationToken cancellation = default) => model.Tokenize(text, cancellation);

    public TokenPiece PieceOf(int id) => model.PieceOf(id);

    public void Dispose() => model.Dispose();
}
