using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Inference.Tests.Graphs;
using ActorEmbed.Tests.Shared.Devices;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>The graphs that are made for a device, run on the processor: with plain operators in place of the device's attention.</summary>
public sealed class DeviceVectorTests
{
    // What two exact fp32 implementations may differ by.
    private const double Exact = 2e-5;

    public static TheoryData<string> Repositories => FamilyTests.Repositories;

    [Theory]
    [MemberData(nameof(Repositories))]
    public void In_fp32_they_give_the_vectors_of_the_reference(string name)
    {
        var repository = new ReferenceRepository(name);
        using var copy = new TemporaryCopy(repository.Directory);
        using var encoder = Open(copy, repository, Precision.Fp32);

        var vectors = encoder.Encode([.. repository.Rows.Select(row => row.Ids)]);

        Assert.All(repository.Rows.Zip(vectors), pair => Assert.True(
            repository.Finish(pair.Second).Zip(pair.First.Vector, (a, b) => Math.Abs(a - b)).Max() < Exact, $"{pair.First.Ids.Length} tokens"));
    }

    [Theory]
    [MemberData(nameof(Repositories))]
    public void In_fp16_they_stay_within_what_is_promised(string name)
    {
        var repository = new ReferenceRepository(name);
        int[][] texts = [.. repository.Rows.Select(row => row.Ids)];
        using var copy = new TemporaryCopy(repository.Directory);
        using var single = Open(copy, repository, Precision.Fp32);
        using var half = Open(copy, repository, Precision.Fp16);

        var (exact, vectors) = (single.Encode(texts), half.Encode(texts));

        Assert.Null(DeviceSelfTest.Compare(exact, vectors, NullLogger.Instance).Failure);
        // Single precision under another name would stay within it, too.
        Assert.True(exact.Zip(vectors, GreatestDifference).Max() > Exact);
    }

    [Fact]
    public void Texts_of_all_lengths_in_one_call_get_the_vectors_that_they_have_alone()
    {
        using var model = new SeededModel(positions: 700);
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean, PoolingMode.Max], Precision.Fp32);
        var texts = SeededModel.RandomTexts(3, 9, 1, 600, 33, 8, 650, 17, 512);

        var together = encoder.Encode(texts);

        Assert.All(texts.Zip(together), pair => Assert.True(GreatestDifference(encoder.Encode([pair.First])[0], pair.Second) < 1e-5));
    }

    [Fact]
    public void An_id_that_there_is_no_row_for_is_told_before_the_device_sees_it()
    {
        using var model = new SeededModel();
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean], Precision.Fp16);

        var error = Assert.Throws<InferenceException>(() => encoder.Encode([[3, SeededModel.Vocabulary]]));

        Assert.Contains("vocabulary", error.Message, StringComparison.Ordinal);
    }

    private static double GreatestDifference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();

    private static ITextEncoder Open(TemporaryCopy copy, ReferenceRepository repository, Precision precision) => Open(
        copy.Path, new HashedIds(repository.Rows.Max(row => row.Ids.Max()) + 1), [repository.Pooling], precision);

    private static ITextEncoder Open(string directory, HashedIds tokenizer, PoolingMode[] pooling, Precision precision)
    {
        var source = new CompiledModelSource(directory, pooling, () => tokenizer);
        var target = new DeviceTarget(new ScriptedDevice().Runtime, Device.Cuda);
        var opened = CompiledDeviceEncoder.TryOpen(source, precision, target, hasToBeProven: false, new EncoderOptions(2), NullLogger.Instance, out var whyNot);
        Assert.True(opened is not null, whyNot);
        return opened.Encoder;
    }
}
