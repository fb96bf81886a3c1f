using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Graphs;
using ActorEmbed.Inference.Graphs.Pieces;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Quality;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Compilation;

public sealed class CompiledVectorTests
{
    // What two exact fp32 implementations may differ by.
    private const float Tolerance = 2e-5f;

    [Fact]
    public void Fp32_gives_the_vectors_of_the_reference_model()
    {
        using var copy = new TemporaryCopy(TinyModel.Directory);
        var source = new CompiledModelSource(copy.Path, [PoolingMode.Mean], () => new HashedIds(8002));
        using var encoder = CompiledEncoder.TryOpen(source, Precision.Fp32, new EncoderOptions(2), NullLogger.Instance, out _)?.Encoder;
        Assert.NotNull(encoder);

        var reference = TinyModel.ReadReference();
        var vectors = encoder.Encode([.. reference.Select(line => line.Ids)]);

        Assert.All(reference.Zip(vectors), pair => Assert.True(
            CompiledModels.LargestDifference(pair.Second, pair.First.Vector.Select(v => (double)v)) < Tolerance, pair.First.Text));
    }

    [Fact]
    public void Whoever_loads_a_model_is_told_that_it_is_compiled_and_only_when_it_is()
    {
        using var copy = new TemporaryCopy(TinyModel.Directory);
        var compiled = new List<Precision>();
        foreach (var precision in new[] { Precision.Fp32, Precision.Fp32, Precision.Int8 })
            ModelLoader.Load(copy.Path, new ModelOptions { Threads = 2, Precision = precision, OnCompiling = _ => compiled.Add(precision) }).Dispose();

        Assert.Equal([Precision.Fp32, Precision.Int8], compiled);
    }

    [Theory]
    [InlineData(null)] // as this processor has it
    [InlineData(WeightSums.In16Bits)]
    public void Int8_keeps_close_to_the_vectors_of_the_reference_model(int? sumLimit)
    {
        using var copy = new TemporaryCopy(TinyModel.Directory);
        var source = new CompiledModelSource(copy.Path, [PoolingMode.Mean], () => new HashedIds(8002)) { WeightSumLimit = sumLimit ?? CpuFeatures.WeightSumLimit };
        using var encoder = CompiledEncoder.TryOpen(source, Precision.Int8, new EncoderOptions(2), NullLogger.Instance, out _)?.Encoder;
        Assert.NotNull(encoder);

        var reference = TinyModel.ReadReference();
        var vectors = encoder.Encode([.. reference.Select(line => line.Ids)]);

        var comparison = PrecisionComparison.Compare([.. reference.Select(line => line.Vector)], vectors);
        Assert.True(comparison.MeanCosine > 0.999, $"{comparison}");
        Assert.True(comparison.MeanCentredCosine > 0.995, $"{comparison}");
    }

    [Theory]
    [InlineData("xlm-roberta", 3, 96, 6, 127, "", "F32")]
    [InlineData("xlm-roberta", 1, 24, 3, 33, "roberta.", "F16")]
    [InlineData("bert", 2, 40, 5, 101, "bert.", "F32")]
    [InlineData("roberta", 2, 32, 1, 64, "", "BF16")]
    [InlineData("xlm-roberta", 1, 288, 2, 64, "", "F32")]
    [InlineData("bert", 1, 8, 8, 3, "", "F32")]
    public void Fp32_gives_the_vectors_of_a_straightforward_forward_pass(
        string modelType, int layers, int hidden, int heads, int feedForward, string prefix, string dtype)
    {
        using var model = new SeededModel(modelType, layers, hidden, heads, feedForward, prefix, dtype);
        using var encoder = CompiledModels.Open(model);
        var texts = SeededModel.RandomTexts(3, 2, 40, 7, 8, 9, 130);

        var vectors = encoder.Encode(texts);

        var reference = new ReferenceForwardPass(model.Architecture, model.Tensors);
        Assert.All(texts.Zip(vectors), pair => Assert.True(
            CompiledModels.LargestDifference(pair.Second, reference.Encode(pair.First)) < Tolerance, $"{pair.First.Length} tokens"));
    }

    [Theory]
    [InlineData("xlm-roberta", 2, 24, 3, 32)]
    [InlineData("bert", 1, 28, 2, 16)]
    [InlineData("bert", 1, 160, 1, 16)]
    public void Long_texts_have_the_vectors_of_a_straightforward_forward_pass(string modelType, int layers, int hidden, int heads, int feedForward)
    {
        using var model = new SeededModel(modelType, layers, hidden, heads, feedForward, positions: 900);
        using var encoder = CompiledModels.Open(model);
        var texts = SeededModel.RandomTexts(11, 513, 9, 512, 640, 779);

        var vectors = encoder.Encode(texts);

        var reference = new ReferenceForwardPass(model.Architecture, model.Tensors);
        Assert.All(texts.Zip(vectors), pair => Assert.True(
            CompiledModels.LargestDifference(pair.Second, reference.Encode(pair.First)) < Tolerance, $"{pair.First.Length} tokens"));
    }

    [Theory]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.Max)]
    [InlineData(PoolingMode.LastToken)]
    [InlineData(PoolingMode.WeightedMean)]
    [InlineData(PoolingMode.MeanSqrtLen)]
    internal void Each_pooling_gives_the_vectors_of_a_straightforward_forward_pass(PoolingMode pooling)
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model, pooling: pooling);
        var texts = SeededModel.RandomTexts(4, 3, 50, 12);

        var vectors = encoder.Encode(texts);

        var reference = new ReferenceForwardPass(model.Architecture, model.Tensors);
        Assert.All(texts.Zip(vectors), pair => Assert.True(
            CompiledModels.LargestDifference(pair.Second, reference.Encode(pair.First, pooling)) < Tolerance));
    }

    [Theory]
    [InlineData(3, 96, 6, 127)]
    [InlineData(1, 24, 3, 33)]
    public void Int8_keeps_close_to_fp32_in_other_shapes(int layers, int hidden, int heads, int feedForward)
    {
        using var model = new SeededModel("bert", layers, hidden, heads, feedForward);
        var texts = SeededModel.RandomTexts(5, [.. Enumerable.Range(2, 60)]);
        using var exact = CompiledModels.Open(model);
        using var quantized = CompiledModels.Open(model, Precision.Int8);

        var comparison = PrecisionComparison.Compare(exact.Encode(texts), quantized.Encode(texts));

        Assert.True(comparison.MeanCosine > 0.995, $"{comparison}");
    }

    [Fact]
    public void No_texts_give_no_vectors()
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model);

        Assert.Empty(encoder.Encode([]));
    }

    [Fact]
    public void A_text_longer_than_the_position_table_is_an_error_that_says_so()
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model);

        var error = Assert.Throws<InferenceException>(() => encoder.Encode(SeededModel.RandomTexts(1, SeededModel.Positions)));

        Assert.Contains("198", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_an_error_that_names_it()
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model);

        var error = Assert.Throws<InferenceException>(() => encoder.Encode([[0, SeededModel.Vocabulary, 2]]));

        Assert.Contains("300", error.Message, StringComparison.Ordinal);
        Assert.Equal(model.Architecture.Hidden, encoder.Encode([[0, 2]])[0].Length);
    }
}
