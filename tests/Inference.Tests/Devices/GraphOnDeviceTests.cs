using ActorEmbed.Inference.Compilation;
using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Encoders;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Inference.Tests.Graphs;
using ActorEmbed.Tests.Shared.Devices;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>What holds for the graphs of every device, run on the processor in its place.</summary>
public abstract class GraphOnDeviceTests
{
    // What two exact fp32 implementations may differ by.
    private protected const double Exact = 2e-5;

    private readonly Device _device;

    /// <param name="scripted">What the machine seems to have.</param>
    /// <param name="device">The device that the graphs are made for.</param>
    private protected GraphOnDeviceTests(ScriptedDevice scripted, Device device) => (Scripted, _device) = (scripted, device);

    public static TheoryData<string> Repositories => FamilyTests.Repositories;

    private protected ScriptedDevice Scripted { get; }

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

    private protected static double GreatestDifference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max();

    private protected ITextEncoder Open(string directory, HashedIds tokenizer, PoolingMode[] pooling, Precision precision)
    {
        var source = new CompiledModelSource(directory, pooling, () => tokenizer);
        var target = new DeviceTarget(Scripted.Runtime, _device);
        var opened = CompiledDeviceEncoder.TryOpen(source, precision, target, hasToBeProven: false, new EncoderOptions(2), NullLogger.Instance, out var whyNot);
        Assert.True(opened is not null, whyNot);
        return opened.Encoder;
    }

    private ITextEncoder Open(TemporaryCopy copy, ReferenceRepository repository, Precision precision) => Open(
        copy.Path, new HashedIds(repository.Rows.Max(row => row.Ids.Max()) + 1), [repository.Pooling], precision);
}
