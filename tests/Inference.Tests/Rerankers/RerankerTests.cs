using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Rerankers;

/// <summary>Rerankers against the references, whose figures two implementations and the original classes gave.</summary>
public sealed class RerankerTests
{
    // What the references allow an exact fp32 path.
    private const double Tolerance = 3e-5;

    public static TheoryData<string> Names { get; } = [.. TestModels.Rerankers];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fp32_gives_the_logits_and_scores_of_the_reference(string name)
    {
        using var copy = TestModels.Copy(TestModels.Reranker(name));
        using var model = ModelLoader.Load(copy.Directory);
        var pairs = ReferencePair.Of(copy.Directory);

        var results = model.Embed([.. pairs.Select(Input)]);

        Assert.Equal(ModelKind.Reranker, model.Info.Kind);
        Assert.Equal("compiled from model.safetensors", model.Info.Source);
        Assert.All(pairs.Zip(results), pair =>
        {
            Assert.Equal(pair.First.Ids.Length, pair.Second.TokenCount);
            Assert.Equal(pair.First.Logit, Assert.Single(pair.Second.Vector), Tolerance);
            Assert.Equal(pair.First.Score, model.Info.ScoreActivation.Apply(pair.Second.Vector[0]), Tolerance);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Int8_ranks_almost_as_fp32_does(string name)
    {
        using var copy = TestModels.Copy(TestModels.Reranker(name));
        EmbeddingInput[] pairs = [.. ReferencePair.Of(copy.Directory).Select(Input)];
        using var exact = ModelLoader.Load(copy.Directory);
        using var quantized = ModelLoader.Load(copy.Directory, new ModelOptions { Precision = Precision.Int8 });

        var comparison = Quality.ScoreComparison.Compare([.. pairs.Select(pair => pair.Query!)], Logits(exact, pairs), Logits(quantized, pairs));

        Assert.Equal(Precision.Int8, quantized.Info.Precision);
        Assert.True(comparison.Spearman > 0.97, $"{comparison}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pair_has_the_same_logit_to_the_bit_alone_and_among_others(string name)
    {
        using var copy = TestModels.Copy(TestModels.Reranker(name));
        EmbeddingInput[] pairs = [.. ReferencePair.Of(copy.Directory).Select(Input)];
        foreach (var precision in new[] { Precision.Fp32, Precision.Int8 })
        {
            using var model = ModelLoader.Load(copy.Directory, new ModelOptions { Precision = precision });

            var together = Logits(model, pairs);

            Assert.Equal(pairs.Select(pair => Logits(model, [pair])[0]), together);
        }
    }

    [Fact]
    public void A_pair_that_is_too_long_and_not_to_be_cut_has_no_logit()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));
        using var model = ModelLoader.Load(copy.Directory);
        var words = string.Join(' ', Enumerable.Repeat("people", 200));

        var results = model.Embed([EmbeddingInput.FromPair("people", words) with { Truncate = false }, EmbeddingInput.FromPair("people", words), EmbeddingInput.FromPair("people", "live")]);

        Assert.Equal([true, false, false], results.Select(result => result.IsTooLong));
        Assert.Equal([true, true, false], results.Select(result => result.IsTruncated));
        Assert.Equal(128, results[1].TokenCount);
    }

    [Fact]
    public void A_text_without_a_query_is_refused_by_a_reranker_and_a_pair_by_an_embedder()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));
        using var reranker = ModelLoader.Load(copy.Directory);
        using var embedder = ModelLoader.Load(TestModels.XlmrTiny);

        Assert.Contains("is a reranker", Assert.Throws<InferenceException>(() => reranker.Embed(["text"])).Message, StringComparison.Ordinal);
        Assert.Throws<InferenceException>(() => embedder.Embed([EmbeddingInput.FromPair("query", "text")]));
    }

    private static EmbeddingInput Input(ReferencePair pair) => EmbeddingInput.FromPair(pair.Query, pair.Text);

    private static float[] Logits(IEmbeddingModel model, EmbeddingInput[] pairs) => [.. model.Embed(pairs).Select(result => result.Vector[0])];
}
