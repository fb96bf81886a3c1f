using ActorEmbed.Inference.Compilation;

namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>A text's vector is the same to the last bit whatever is computed beside it.</summary>
public sealed class BatchInvarianceTests
{
    [Theory]
    [InlineData(Precision.Fp32, 1, 96, 6)]
    [InlineData(Precision.Fp32, 2, 96, 6)]
    [InlineData(Precision.Int8, 1, 96, 6)]
    [InlineData(Precision.Int8, 3, 96, 6)]
    // Heads that are wider than the kernels sum up in one go.
    [InlineData(Precision.Fp32, 2, 512, 2)]
    public void A_text_of_any_length_has_the_same_bits_in_any_batch(Precision precision, int threads, int hidden, int heads)
    {
        using var model = new SeededModel(layers: 2, hidden: hidden, heads: heads, feedForward: 127);
        using var encoder = CompiledModels.Open(model, precision, threads: threads);
        var texts = SeededModel.RandomTexts(6, [.. Enumerable.Range(1, 140)]);
        var alone = texts.Select(text => encoder.Encode([text])[0]).ToArray();
        var random = new Random(7);

        for (var round = 0; round < 20; round++)
        {
            var chosen = Enumerable.Range(0, texts.Length).OrderBy(_ => random.Next()).Take(random.Next(1, 60)).ToArray();
            var vectors = encoder.Encode([.. chosen.Select(i => texts[i])]);
            for (var i = 0; i < chosen.Length; i++)
                Assert.True(vectors[i].SequenceEqual(alone[chosen[i]]), $"round {round}, {texts[chosen[i]].Length} tokens");
        }
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Int8)]
    public void Concurrent_callers_get_the_same_bits_as_a_lone_one(Precision precision)
    {
        using var model = new SeededModel();
        using var encoder = CompiledModels.Open(model, precision);
        var texts = SeededModel.RandomTexts(8, [.. Enumerable.Range(2, 64)]);
        var expected = texts.Select(text => encoder.Encode([text])[0]).ToArray();

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, caller =>
        {
            var order = Enumerable.Range(0, texts.Length).Select(i => (i * 7 + caller) % texts.Length).Take(1 + caller % 40).ToArray();
            var vectors = encoder.Encode([.. order.Select(i => texts[i])]);
            Assert.All(order.Zip(vectors), pair => Assert.True(pair.Second.SequenceEqual(expected[pair.First])));
        });
    }

    [Theory]
    [InlineData(Precision.Fp32, 48, 3)]
    [InlineData(Precision.Int8, 48, 3)]
    [InlineData(Precision.Fp32, 160, 1)]
    public void Long_texts_have_the_same_bits_beside_any_others_and_with_every_thread_count(Precision precision, int hidden, int heads)
    {
        using var model = new SeededModel(layers: 1, hidden: hidden, heads: heads, positions: 3000);
        var texts = SeededModel.RandomTexts(12, 2100, 5, 700, 513, 512, 384, 40, 2050, 600);
        using var one = CompiledModels.Open(model, precision, threads: 1);
        using var four = CompiledModels.Open(model, precision, threads: 4);
        var alone = texts.Select(text => one.Encode([text])[0]).ToArray();

        Assert.Equal(alone, four.Encode(texts));
        Assert.Equal(alone.Reverse(), one.Encode([.. texts.Reverse()]));
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, caller =>
        {
            var first = caller % texts.Length;
            Assert.Equal([.. alone.Skip(first)], four.Encode([.. texts.Skip(first)]));
        });
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Int8)]
    public void Every_thread_count_gives_the_same_bits(Precision precision)
    {
        using var model = new SeededModel();
        var texts = SeededModel.RandomTexts(9, 3, 70, 16, 31);
        using var one = CompiledModels.Open(model, precision, threads: 1);
        using var four = CompiledModels.Open(model, precision, threads: 4);

        Assert.Equal(one.Encode(texts), four.Encode(texts));
    }

    [Fact]
    public void The_self_test_finds_a_graph_whose_scale_depends_on_the_other_texts()
    {
        using var model = new SeededModel();
        using var encoder = VariantGraph.Open(model, weights => new BatchDependentProducts(weights));

        Assert.NotNull(InvarianceCheck.FindFailure(encoder, model.Architecture, threads: 2));
    }
}
