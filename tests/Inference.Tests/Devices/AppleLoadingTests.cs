using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Tests.Shared.Devices;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>Models loaded as the server loads them, on a Mac that is none.</summary>
public sealed class AppleLoadingTests : IDisposable
{
    private readonly TestModels.TemporaryCopy _model = TestModels.Copy(TestModels.XlmrTiny);
    private readonly ScriptedDevice _device = new() { IsApple = true };
    private readonly LogLines _log = new();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(null, Precision.Fp16)]
    [InlineData(Precision.Fp32, Precision.Fp32)]
    public void Who_names_mps_gets_it_and_the_vectors_of_the_processor(Precision? precision, Precision effective)
    {
        string[] texts = ["The library opens at nine.", "", "Die Bibliothek öffnet um neun.", "x", string.Join(' ', Enumerable.Repeat("word", 400))];
        using var here = Load(DeviceChoice.Cpu);
        using var there = Load(DeviceChoice.Mps, precision);
        var runs = _device.Runs;

        var pairs = here.Embed(texts).Zip(there.Embed(texts), (a, b) => (VectorNorm.Normalize(a.Vector), VectorNorm.Normalize(b.Vector)));

        Assert.Equal(("mps", effective), (there.Info.Device, there.Info.Precision));
        Assert.All(pairs, pair => Assert.True(pair.Item1.Zip(pair.Item2, (a, b) => Math.Abs(a - b)).Max() <= 2e-3));
        Assert.True(_device.Runs > runs);
    }

    [Fact]
    public void A_reranker_runs_there_too()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));
        var pair = EmbeddingInput.FromPair("a question", "an answer");
        using var here = _device.Load(copy.Directory, new ModelOptions { Device = DeviceChoice.Cpu, Threads = 2 });
        using var there = _device.Load(copy.Directory, new ModelOptions { Device = DeviceChoice.Mps, Threads = 2 });

        Assert.Equal("mps", there.Info.Device);
        Assert.Equal(here.Embed([pair])[0].Vector[0], there.Embed([pair])[0].Vector[0], 0.01);
    }

    [Fact]
    public void Auto_stays_on_the_processor_before_there_is_a_verdict_and_says_once_how_to_get_one()
    {
        using (Load(DeviceChoice.Auto))
        using (var again = Load(DeviceChoice.Auto))
            Assert.Equal("cpu", again.Info.Device);

        var line = Assert.Single(_log.Lines, line => line.Contains("Runs on", StringComparison.Ordinal));
        Assert.EndsWith("mps has not been compared with it for this model on this machine; a start with --device mps does that", line, StringComparison.Ordinal);
        Assert.Empty(_device.Opened);
    }

    [Fact]
    public void Auto_takes_mps_once_a_start_has_found_it_right_and_faster()
    {
        _device.IsFaster = true;
        Load(DeviceChoice.Mps).Dispose();

        using var model = Load(DeviceChoice.Auto);

        Assert.Equal(("mps", Precision.Fp16), (model.Info.Device, model.Info.Precision));
    }

    [Fact]
    public void Auto_stays_on_the_processor_where_mps_was_slower_and_who_names_it_still_gets_it()
    {
        Load(DeviceChoice.Mps).Dispose();

        using var named = Load(DeviceChoice.Mps);
        using var any = Load(DeviceChoice.Auto);

        Assert.Equal(("mps", "cpu"), (named.Info.Device, any.Info.Device));
        Assert.Contains(_log.Lines, line => line.EndsWith("mps was 0.10 times as fast for this model on this machine, and is taken from 1.25 on", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("another system", null)]
    [InlineData(null, Precision.Fp32)]
    public void A_verdict_holds_for_the_system_and_the_numbers_that_it_was_made_for(string? identity, Precision? precision)
    {
        _device.IsFaster = true;
        Load(DeviceChoice.Mps).Dispose();
        _device.Identity = identity ?? _device.Identity;

        using var model = Load(DeviceChoice.Auto, precision);

        Assert.Equal("cpu", model.Info.Device);
    }

    [Fact]
    public void Vectors_that_are_wrong_there_are_refused_by_name_and_keep_auto_on_the_processor()
    {
        _device.IsFaster = true;
        using var model = new SeededModel(change: (name, values) =>
        {
            // Beyond the largest number of half precision.
            if (name.EndsWith("intermediate.dense.bias", StringComparison.Ordinal))
                values[0] = 100_000f;
        });

        var (named, unproven) = (Compile(model, hasToBeProven: false), Compile(model, hasToBeProven: true));

        Assert.Contains("did not pass its test on mps", named, StringComparison.Ordinal);
        Assert.Contains("the FixedFp16 graph was rejected", unproven, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_fails_in_the_middle_of_its_test_leaves_no_verdict()
    {
        (_device.IsFaster, _device.IsLost, _device.IsLostForGood) = (true, true, true);
        Assert.Throws<InferenceException>(() => Load(DeviceChoice.Mps));
        (_device.IsLost, _device.IsLostForGood) = (false, false);

        using (var any = Load(DeviceChoice.Auto))
            Assert.Equal("cpu", any.Info.Device);
        using var named = Load(DeviceChoice.Mps);

        Assert.Equal("mps", named.Info.Device);
    }

    [Fact]
    public void Auto_that_has_served_on_mps_and_loses_it_fails_and_does_not_change_to_other_numbers()
    {
        _device.IsFaster = true;
        Load(DeviceChoice.Mps).Dispose();
        using (var model = Load(DeviceChoice.Auto))
        {
            _device.IsLost = true;
            Assert.Throws<InferenceException>(() => model.Embed(["a text"]));
        }

        _device.HasNoMemory = true;
        Assert.Throws<InferenceException>(() => Load(DeviceChoice.Auto));
        _device.HasNoMemory = false;

        using var again = Load(DeviceChoice.Auto);
        Assert.Equal("mps", again.Info.Device);
    }

    [Fact]
    public void A_shape_that_the_device_has_no_memory_for_fails_the_batch_and_is_tried_again()
    {
        using var model = Load(DeviceChoice.Mps);
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"{i}")];

        _device.HasNoMemory = true;
        var error = Assert.Throws<InferenceException>(() => model.Embed(texts));
        _device.HasNoMemory = false;

        Assert.StartsWith("The model could not be opened on mps: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(40, model.Embed(texts).Count);
    }

    [Fact]
    public void A_text_that_no_shape_holds_gets_its_vector_from_the_processor()
    {
        using var copy = TestModels.Copy(Path.Combine(AppContext.BaseDirectory, "data", "families", "nomic-tiny"));
        copy.Replace("sentence_bert_config.json", "256", "8192");
        var words = string.Join(' ', Enumerable.Repeat("one two three four", 200));
        using var here = _device.Load(copy.Directory, new ModelOptions { Device = DeviceChoice.Cpu, Threads = 2 });
        using var there = _device.Load(copy.Directory, new ModelOptions { Device = DeviceChoice.Mps, Threads = 2 });
        var runs = _device.Runs;

        var (expected, vectors) = (here.Embed(["short", words, "brief"]), there.Embed(["short", words, "brief"]));

        Assert.True(expected[1].TokenCount > 512, $"{expected[1].TokenCount} tokens");
        Assert.Equal(expected[1].Vector, vectors[1].Vector);
        Assert.NotEqual(expected[0].Vector, vectors[0].Vector);
        Assert.True(_device.Runs > runs);
    }

    [Fact]
    public void Mps_and_int8_exclude_each_other()
    {
        var error = Assert.Throws<ModelLoadException>(() => Load(DeviceChoice.Mps, Precision.Int8));

        Assert.Contains("Device mps and Precision int8 exclude each other", error.Message, StringComparison.Ordinal);
    }

    private IEmbeddingModel Load(DeviceChoice choice, Precision? precision = null) =>
        _device.Load(_model.Directory, new ModelOptions { Device = choice, Precision = precision, Threads = 2 }, _log);

    private string Compile(SeededModel model, bool hasToBeProven)
    {
        var target = new Inference.Devices.DeviceTarget(_device.Runtime, Inference.Devices.Device.Mps);
        var opened = Inference.Compilation.CompiledDeviceEncoder.TryOpen(
            CompiledModels.Source(model), Precision.Fp16, target, hasToBeProven, new Inference.Encoders.EncoderOptions(2), _log, out var whyNot);
        Assert.Null(opened);
        return whyNot;
    }
}
