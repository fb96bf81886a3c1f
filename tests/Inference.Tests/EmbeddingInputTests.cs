using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests;

public sealed class EmbeddingInputTests : IDisposable
{
    // The model's maximum is 128 tokens, the two special ones included.
    private static readonly string LongText = string.Concat(Enumerable.Repeat("many words ", 200));

    private readonly IEmbeddingModel _model = ModelLoader.Load(TestModels.XlmrTiny, new ModelOptions { Threads = 1 });

    public void Dispose() => _model.Dispose();

    [Fact]
    public void The_ids_of_a_text_give_the_vector_of_the_text_with_and_without_special_tokens()
    {
        foreach (var reference in ReferenceText.Of(TestModels.XlmrTiny))
        {
            EmbeddingInput[] inputs = [reference.Text, EmbeddingInput.FromTokenIds(reference.Ids), EmbeddingInput.FromTokenIds(reference.Ids[1..^1])];

            var vectors = inputs.Select(input => Assert.Single(_model.Embed([input])).Vector).ToArray();

            Assert.Equal(vectors[0], vectors[1]);
            Assert.Equal(vectors[0], vectors[2]);
        }
    }

    [Fact]
    public void Too_many_ids_are_cut_like_too_long_a_text()
    {
        var ids = _model.Tokenize(LongText).Ids;

        var ofText = Assert.Single(_model.Embed([LongText]));
        var ofIds = Assert.Single(_model.Embed([EmbeddingInput.FromTokenIds(ids)]));

        Assert.Equal((128, true), (ofIds.TokenCount, ofIds.IsTruncated));
        Assert.Equal(ofText.Vector, ofIds.Vector);
    }

    [Fact]
    public void What_may_not_be_cut_gets_no_vector_and_its_neighbours_do()
    {
        EmbeddingInput[] inputs = ["short", EmbeddingInput.FromString("short") with { Truncate = false }, EmbeddingInput.FromString(LongText) with { Truncate = false }, "other"];

        var embeddings = _model.Embed(inputs);

        Assert.Equal([false, false, true, false], embeddings.Select(e => e.IsTooLong));
        Assert.Equal(embeddings[0].Vector, embeddings[1].Vector);
    }

    [Fact]
    public void Tokenizing_is_not_cut_and_begins_like_what_is()
    {
        foreach (var reference in ReferenceText.Of(TestModels.XlmrTiny))
        {
            var whole = _model.Tokenize(reference.Text).Ids;

            Assert.Equal(reference.Ids[..^1], whole[..(reference.Ids.Length - 1)]);
            Assert.Equal(reference.Ids[^1], whole[^1]);
        }

        // Each "many words " is at least two tokens.
        Assert.True(_model.Tokenize(LongText).Ids.Length > 400);
    }

    [Fact]
    public void Ids_are_below_the_size_of_the_vocabulary_and_each_has_a_piece()
    {
        var size = _model.Info.VocabularySize!.Value;

        var pieces = Enumerable.Range(0, size).Select(_model.PieceOf).ToArray();

        Assert.Equal(8002, size);
        Assert.Equal(["<s>", "<pad>", "</s>", "<unk>", "<mask>"], pieces.Where(piece => piece.IsSpecial).Select(piece => piece.Text));
        Assert.All(pieces, piece => Assert.NotEmpty(piece.Text));
        var spelled = string.Concat(_model.Tokenize("The library").Ids[1..^1].Select(id => _model.PieceOf(id).Text));
        Assert.Equal("▁The▁library", spelled);
    }

    [Fact]
    public void Inputs_are_equal_when_they_get_the_same_treatment()
    {
        Assert.Equal<EmbeddingInput>("a", "a");
        Assert.NotEqual<EmbeddingInput>("a", "b");
        Assert.NotEqual<EmbeddingInput>("a", EmbeddingInput.FromString("a") with { Truncate = false });
        Assert.Equal(EmbeddingInput.FromTokenIds([1, 2]), EmbeddingInput.FromTokenIds([1, 2]));
        Assert.Equal(EmbeddingInput.FromTokenIds([1, 2]).GetHashCode(), EmbeddingInput.FromTokenIds([1, 2]).GetHashCode());
        Assert.NotEqual(EmbeddingInput.FromTokenIds([1, 2]), EmbeddingInput.FromTokenIds([2, 1]));
        Assert.NotEqual(EmbeddingInput.FromTokenIds([]), EmbeddingInput.FromString(null));
        Assert.True(new EmbeddingInput().IsNull);
    }
}
