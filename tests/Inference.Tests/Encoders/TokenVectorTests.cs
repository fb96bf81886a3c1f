using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Inference.Tests.Graphs;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Encoders;

/// <summary>The vectors of tokens, which the vectors of texts are made of.</summary>
public sealed class TokenVectorTests
{
    // What two exact fp32 implementations may differ by.
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Repositories { get; } = FamilyTests.Repositories;

    [Theory]
    [MemberData(nameof(Repositories))]
    public void What_the_reference_pools_are_these_vectors(string name)
    {
        var repository = new ReferenceRepository(name);
        var rows = repository.Rows;
        using var copy = new TemporaryCopy(repository.Directory);
        using var encoder = Open(copy, repository, Precision.Fp32);

        var tokens = encoder.EncodeTokens([.. rows.Select(row => row.Ids)]);

        Assert.All(rows.Zip(tokens), pair =>
        {
            var vectors = pair.Second.Chunk(encoder.TokenDimensions!.Value).ToArray();
            Assert.Equal(pair.First.Ids.Length, vectors.Length);
            var finished = repository.Finish(Pool(repository.Pooling, vectors));
            Assert.True(finished.Zip(pair.First.Vector, (a, b) => Math.Abs(a - b)).Max() < Tolerance, $"{vectors.Length} tokens");
        });
    }

    [Theory]
    [MemberData(nameof(Repositories))]
    public void A_text_has_the_same_ones_to_the_bit_alone_and_among_others_and_its_vector_stays_what_it_was(string name)
    {
        var repository = new ReferenceRepository(name);
        int[][] texts = [.. repository.Rows.Select(row => row.Ids)];
        using var copy = new TemporaryCopy(repository.Directory);
        foreach (var precision in new[] { Precision.Fp32, Precision.Int8 })
        {
            using var encoder = Open(copy, repository, precision);
            var before = encoder.Encode(texts);

            var together = encoder.EncodeTokens(texts);

            Assert.All(texts.Zip(together), pair => Assert.Equal(encoder.EncodeTokens([pair.First])[0], pair.Second));
            Assert.Equal(before, encoder.Encode(texts));
        }
    }

    [Theory]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.Max)]
    [InlineData(PoolingMode.LastToken)]
    [InlineData(PoolingMode.WeightedMean)]
    [InlineData(PoolingMode.MeanSqrtLen)]
    public void However_a_model_pools_they_are_those_of_a_straightforward_forward_pass(PoolingMode pooling)
    {
        // Wide enough that weights lie beside the graph.
        using var model = new SeededModel("bert", layers: 1, hidden: 168, heads: 2, feedForward: 16, positions: 900);
        using var encoder = CompiledModels.Open(model, pooling: pooling);
        var texts = SeededModel.RandomTexts(4, 3, 50, 640);

        var tokens = encoder.EncodeTokens(texts);

        var reference = new ReferenceForwardPass(model.Architecture, model.Tensors);
        Assert.All(texts.Zip(tokens), pair =>
        {
            var vectors = pair.Second.Chunk(model.Architecture.Hidden).ToArray();
            foreach (var mode in new[] { PoolingMode.Cls, PoolingMode.LastToken, PoolingMode.Mean })
                Assert.True(CompiledModels.LargestDifference(Pool(mode, vectors), reference.Encode(pair.First, mode)) < Tolerance, $"{pair.First.Length} tokens, {mode}");
        });
    }

    [Fact]
    public void A_model_gives_them_beside_the_vectors_of_other_texts_and_with_the_special_tokens()
    {
        var texts = ReferenceText.Of(TestModels.XlmrTiny).Take(5).Select(line => line.Text).ToArray();
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        using var model = ModelLoader.Load(copy.Directory);
        EmbeddingInput[] mixed = [.. texts.SelectMany(text => new[] { EmbeddingInput.FromString(text), EmbeddingInput.FromString(text) with { EachToken = true } })];

        var results = model.Embed(mixed);

        var dimensions = model.Info.TokenDimensions!.Value;
        Assert.All(results.Chunk(2), pair =>
        {
            var vectors = pair[1].Vector.Chunk(dimensions).ToArray();
            Assert.Equal((pair[0].TokenCount, pair[0].TokenCount), (pair[1].TokenCount, vectors.Length));
            var pooled = VectorNorm.Normalize(Pool(PoolingMode.Mean, vectors));
            Assert.True(pooled.Zip(VectorNorm.Normalize(pair[0].Vector), (a, b) => Math.Abs(a - b)).Max() < Tolerance);
        });
    }

    [Fact]
    public void A_text_that_is_too_long_and_not_to_be_cut_has_none()
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        using var model = ModelLoader.Load(copy.Directory);
        var text = EmbeddingInput.FromString(string.Join(' ', Enumerable.Repeat("people", 1000))) with { EachToken = true };

        var results = model.Embed([text with { Truncate = false }, text]);

        Assert.Equal((true, true), (results[0].IsTooLong, results[1].IsTruncated));
        Assert.Equal(model.Info.MaxTokens * model.Info.TokenDimensions, results[1].Vector.Length);
    }

    [Theory]
    [InlineData("static-tiny")]
    [InlineData("model2vec-tiny")]
    [InlineData("model2vec-quantized-tiny")]
    public void A_static_model_gives_the_rows_that_its_vectors_are_the_mean_of(string name)
    {
        using var copy = new TemporaryCopy(Path.Combine(AppContext.BaseDirectory, "data", "static", name));
        using var model = ModelLoader.Load(copy.Path);

        var results = model.Embed(["some words of a text", EmbeddingInput.FromString("some words of a text") with { EachToken = true }, EmbeddingInput.FromString("") with { EachToken = true }]);

        var vectors = results[1].Vector.Chunk(model.Info.TokenDimensions!.Value).ToArray();
        Assert.Equal(results[0].TokenCount, vectors.Length);
        Assert.Equal(results[2].TokenCount * model.Info.TokenDimensions.Value, results[2].Vector.Length);
        var pooled = VectorNorm.Normalize(Pool(PoolingMode.Mean, vectors));
        Assert.True(pooled.Zip(VectorNorm.Normalize(results[0].Vector), (a, b) => Math.Abs(a - b)).Max() < Tolerance);
    }

    [Fact]
    public void A_reranker_has_none()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));
        using var model = ModelLoader.Load(copy.Directory);

        Assert.Null(model.Info.TokenDimensions);
    }

    /// <summary>In double precision, with nothing of the code that does it in the product.</summary>
    private static float[] Pool(PoolingMode mode, float[][] vectors) => mode switch
    {
        PoolingMode.Cls => vectors[0],
        PoolingMode.LastToken => vectors[^1],
        PoolingMode.Mean => [.. Enumerable.Range(0, vectors[0].Length).Select(i => (float)vectors.Average(vector => (double)vector[i]))],
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    private static PackedEncoder Open(TemporaryCopy copy, ReferenceRepository repository, Precision precision)
    {
        var vocabulary = repository.Rows.Max(row => row.Ids.Max()) + 1;
        var source = new CompiledModelSource(copy.Path, [repository.Pooling], () => new HashedIds(vocabulary));
        return CompiledEncoder.TryOpen(source, precision, new EncoderOptions(2), NullLogger.Instance, out _)!.Encoder;
    }
}
