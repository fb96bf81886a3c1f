using ActorEmbed.Inference;

namespace ActorEmbed.Soak;

/// <summary>A real model that breaks on one word, as a real one may break on one text.</summary>
internal sealed class PoisonableModel(IEmbeddingModel model) : IEmbeddingModel
{
    public const string Poison = "poison";

    public ModelInfo Info => model.Info;

    public IReadOnlyList<TextEmbedding> Embed(IReadOnlyList<EmbeddingInput> texts) => texts.Any(text => text.Text == Poison)
        ? throw new InferenceException("The model broke, as it was told to.")
        : model.Embed(texts);

    public TextTokens Tokenize(string text, CancellationToken cancellation = default) => model.Tokenize(text, cancellation);

    public TokenPiece PieceOf(int id) => model.PieceOf(id);

    public void Dispose() => model.Dispose();
}
