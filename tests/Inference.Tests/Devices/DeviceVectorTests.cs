using ActorEmbed.Inference.Devices;
using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Tests.Shared.Devices;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>The graphs that are made for a device, run on the processor: with plain operators in place of the device's attention.</summary>
public sealed class DeviceVectorTests() : GraphOnDeviceTests(new ScriptedDevice(), Device.Cuda)
{
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
    public void An_id_that_there_is_no_row_for_is_told_before_theScripted_sees_it()
    {
        using var model = new SeededModel();
        using var encoder = Open(model.Directory, new HashedIds(SeededModel.Vocabulary), [PoolingMode.Mean], Precision.Fp16);

        var error = Assert.Throws<InferenceException>(() => encoder.Encode([[3, SeededModel.Vocabulary]]));

        Assert.Contains("vocabulary", error.Message, StringComparison.Ordinal);
    }
}
