using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Tests.Shared.Devices;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>The graphs of fixed shapes, as Apple's accelerators get them, run on the processor.</summary>
public sealed class FixedVectorTests() : GraphOnDeviceTests(new ScriptedDevice { IsApple = true }, Device.Mps)
{
    [Theory]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.Max)]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.LastToken)]
    [InlineData(PoolingMode.WeightedMean)]
    [InlineData(PoolingMode.MeanSqrtLen)]
    public void A_text_of_any_length_has_the_vector_that_the_processor_gives_it(PoolingMode pooling)
    {
        using var model = new SeededModel();
        using var processor = OpenOnProcessor(model.Directory, [pooling]);
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [pooling], Precision.Fp32);
        var texts = SeededModel.RandomTexts(5, [.. Enumerable.Range(1, model.Architecture.MaxTokens)]);
        int[] unpooled = [.. texts.Select((text, i) => i % 3 == 0 ? Math.Min(2, text.Length - 1) : 0)];

        var (expected, vectors) = (processor.Encode(texts, unpooled), encoder.Encode(texts, unpooled));

        Assert.All(expected.Zip(vectors), pair => Assert.True(GreatestDifference(pair.First, pair.Second) < Exact));
        Assert.All(texts.Zip(expected).Skip(100).Take(30), pair => Assert.True(GreatestDifference(pair.Second, encoder.Encode([pair.First], [unpooled[pair.First.Length - 1]])[0]) < Exact));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(33)]
    public void Texts_get_the_vectors_that_they_have_alone_however_many_share_a_call(int count)
    {
        using var model = new SeededModel();
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean, PoolingMode.Max], Precision.Fp32);
        var texts = SeededModel.RandomTexts(7, [.. Enumerable.Range(0, count).Select(i => 60 + i)]);

        var together = encoder.Encode(texts);

        Assert.All(texts.Zip(together), pair => Assert.True(GreatestDifference(encoder.Encode([pair.First])[0], pair.Second) < Exact));
    }

    [Fact]
    public void A_session_is_opened_for_a_shape_when_it_is_needed_and_once()
    {
        using var model = new SeededModel();
        Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean], Precision.Fp32).Dispose();
        Scripted.Opened.Clear();
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean], Precision.Fp32);
        var first = Shapes();

        encoder.Encode(SeededModel.RandomTexts(1, [.. Enumerable.Repeat(20, 32)]));
        encoder.Encode(SeededModel.RandomTexts(2, [.. Enumerable.Repeat(30, 32), 198]));

        Assert.Equal(["1x32"], first);
        Assert.Equal(["1x32", "32x32", "1x198"], Shapes());
    }

    [Fact]
    public void Every_shape_is_compared_with_the_processor_before_it_is_trusted()
    {
        using var model = new SeededModel(positions: 514);

        Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean], Precision.Fp32).Dispose();

        Assert.Equal(["1x128", "1x32", "1x512", "2x512", "32x32", "8x128"], Shapes().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_id_that_there_is_no_row_for_is_told_before_theScripted_sees_it()
    {
        using var model = new SeededModel();
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean], Precision.Fp16);
        var runs = Scripted.Runs;

        var error = Assert.Throws<InferenceException>(() => encoder.Encode([[3, SeededModel.Vocabulary]]));

        Assert.Contains("vocabulary", error.Message, StringComparison.Ordinal);
        Assert.Equal(runs, Scripted.Runs);
    }

    private static PackedEncoder OpenOnProcessor(string directory, PoolingMode[] pooling)
    {
        var source = new CompiledModelSource(directory, pooling, () => new HashedIds(SeededModel.Vocabulary));
        return CompiledEncoder.TryOpen(source, Precision.Fp32, new EncoderOptions(2), NullLogger.Instance, out _)!.Encoder;
    }

    private IEnumerable<string> Shapes() => [.. Scripted.Opened.Select(opened => opened.Split(' ')[^1])];
}
