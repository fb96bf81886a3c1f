using ActorEmbed.Inference.Tests.Compilation;
using ActorEmbed.Tests.Shared.Devices;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Devices;

/// <summary>Models loaded as the server loads them, on a machine that has an accelerator, or has lost it.</summary>
public sealed class DeviceLoadingTests : IDisposable
{
    private readonly TestModels.TemporaryCopy _model = TestModels.Copy(TestModels.XlmrTiny);
    private readonly ScriptedDevice _device = new();
    private readonly LogLines _log = new();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(DeviceChoice.Auto, null, "cuda", Precision.Fp16)]
    [InlineData(DeviceChoice.Cuda, Precision.Fp32, "cuda", Precision.Fp32)]
    [InlineData(DeviceChoice.Cpu, null, "cpu", Precision.Fp32)]
    [InlineData(DeviceChoice.Auto, Precision.Int8, "cpu", Precision.Int8)]
    public void The_model_says_where_it_really_runs_and_in_what(DeviceChoice choice, Precision? precision, string device, Precision effective)
    {
        using var model = Load(choice, precision);

        model.Embed(["one text", "another"]);

        Assert.Equal((device, effective), (model.Info.Device, model.Info.Precision));
        Assert.Equal(device == "cuda", _device.Runs > 0);
    }

    [Fact]
    public void Its_vectors_are_those_of_the_processor_within_what_is_promised()
    {
        string[] texts = ["The library opens at nine.", "", "Die Bibliothek öffnet um neun.", "x"];
        using var here = Load(DeviceChoice.Cpu);
        using var there = Load(DeviceChoice.Cuda);

        var pairs = here.Embed(texts).Zip(there.Embed(texts), (a, b) => (VectorNorm.Normalize(a.Vector), VectorNorm.Normalize(b.Vector)));

        Assert.All(pairs, pair => Assert.True(pair.Item1.Zip(pair.Item2, (a, b) => Math.Abs(a - b)).Max() <= 2e-3));
    }

    [Fact]
    public void A_reranker_runs_there_too()
    {
        using var copy = TestModels.Copy(TestModels.Reranker("bert-tiny"));
        var pair = EmbeddingInput.FromPair("a question", "an answer");
        using var here = _device.Load(copy.Directory, new ModelOptions { Device = DeviceChoice.Cpu, Threads = 2 });
        using var there = _device.Load(copy.Directory, new ModelOptions { Device = DeviceChoice.Cuda, Threads = 2 });

        Assert.Equal("cuda", there.Info.Device);
        Assert.Equal(here.Embed([pair])[0].Vector[0], there.Embed([pair])[0].Vector[0], 0.01);
    }

    [Fact]
    public void Auto_falls_back_to_the_processor_and_says_why_once()
    {
        _device.WhyNot = "there is no driver";

        using (Load(DeviceChoice.Auto))
        using (var again = Load(DeviceChoice.Auto))
            Assert.Equal("cpu", again.Info.Device);

        Assert.Equal("Runs on the cpu: there is no driver", Assert.Single(_log.Lines, line => line.Contains("Runs on", StringComparison.Ordinal)));
    }

    [Fact]
    public void Auto_falls_back_where_the_device_has_no_memory_for_the_model_and_a_named_one_is_tried_again()
    {
        _device.HasNoMemory = true;

        using (var model = Load(DeviceChoice.Auto))
            Assert.Equal("cpu", model.Info.Device);
        Assert.Throws<InferenceException>(() => Load(DeviceChoice.Cuda));

        _device.HasNoMemory = false;
        using var later = Load(DeviceChoice.Cuda);
        Assert.Equal("cuda", later.Info.Device);
    }

    [Fact]
    public void The_verdict_on_a_device_is_kept_with_the_compiled_form_and_belongs_to_that_device()
    {
        Load(DeviceChoice.Cuda).Dispose();
        var first = _device.Opened.Count;
        Load(DeviceChoice.Cuda).Dispose();
        var second = _device.Opened.Count;
        _device.Identity = "scripted accelerator, driver 2";
        Load(DeviceChoice.Cuda).Dispose();

        // To test it and to run it; only to run it; and with another driver, once more both.
        Assert.Equal((2, 3, 5), (first, second, _device.Opened.Count));
    }

    [Fact]
    public void A_device_that_computes_otherwise_is_refused_by_name_and_passed_over_by_auto_and_not_asked_again()
    {
        using var model = new SeededModel(change: (name, values) =>
        {
            // Beyond the largest number of half precision.
            if (name.EndsWith("intermediate.dense.bias", StringComparison.Ordinal))
                values[0] = 100_000f;
        });

        var failed = Compile(model);
        var opened = _device.Opened.Count;
        var again = Compile(model);

        Assert.Contains("did not pass its test on cuda", failed, StringComparison.Ordinal);
        Assert.Contains("scripted accelerator, driver 1", again, StringComparison.Ordinal);
        Assert.Equal(opened, _device.Opened.Count);
    }

    [Fact]
    public void A_device_that_fails_in_the_middle_of_its_test_leaves_no_verdict()
    {
        (_device.IsLost, _device.IsLostForGood) = (true, true);
        Assert.Throws<InferenceException>(() => Load(DeviceChoice.Cuda));

        (_device.IsLost, _device.IsLostForGood) = (false, false);
        using var model = Load(DeviceChoice.Cuda);

        Assert.Equal("cuda", model.Info.Device);
    }

    [Fact]
    public void A_device_that_is_lost_fails_the_batch_and_a_fresh_session_serves_again()
    {
        using (var model = Load(DeviceChoice.Cuda))
        {
            _device.IsLost = true;
            var error = Assert.Throws<InferenceException>(() => model.Embed(["a text"]));
            Assert.Contains("The device failed", error.Message, StringComparison.Ordinal);
        }

        using var fresh = Load(DeviceChoice.Cuda);
        Assert.NotEmpty(fresh.Embed(["a text"])[0].Vector);
    }

    [Theory]
    [InlineData(DeviceChoice.Cuda, Precision.Int8)]
    [InlineData(DeviceChoice.Cpu, Precision.Fp16)]
    public void Numbers_that_a_device_does_not_take_are_refused_before_anything_is_read(DeviceChoice choice, Precision precision)
    {
        var error = Assert.Throws<ModelLoadException>(() => Load(choice, precision));

        Assert.Contains("exclude each other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_runs_on_the_processor_without_a_word_and_without_a_look_at_devices()
    {
        var table = Path.Combine(AppContext.BaseDirectory, "data", "static", "model2vec-tiny");

        using (var model = _device.Load(table, logger: _log))
            Assert.Equal("cpu", model.Info.Device);
        var error = Assert.Throws<ModelLoadException>(() => _device.Load(table, new ModelOptions { Device = DeviceChoice.Cuda }));

        Assert.Contains("is a table of vectors", error.Message, StringComparison.Ordinal);
        Assert.Empty(_log.Lines);
        Assert.Equal(0, _device.Looks);
    }

    [Fact]
    public void A_graph_of_the_repository_runs_on_the_processor_and_says_so()
    {
        File.Copy(_model.Path("onnx/model.onnx"), _model.Path("onnx/model_other.onnx"));

        using (var model = _device.Load(_model.Directory, new ModelOptions { Variant = "other", Threads = 2 }, _log))
            Assert.Equal("cpu", model.Info.Device);

        Assert.Single(_log.Lines, line => line.Contains("Runs on the cpu", StringComparison.Ordinal) && line.Contains("own graph", StringComparison.Ordinal));
    }

    private IEmbeddingModel Load(DeviceChoice choice, Precision? precision = null) =>
        _device.Load(_model.Directory, new ModelOptions { Device = choice, Precision = precision, Threads = 2 }, _log);

    private string Compile(SeededModel model)
    {
        var target = new Inference.Devices.DeviceTarget(_device.Runtime, Inference.Devices.Device.Cuda);
        var opened = Inference.Compilation.CompiledDeviceEncoder.TryOpen(
            CompiledModels.Source(model), Precision.Fp16, target, hasToBeProven: false, new Inference.Encoders.EncoderOptions(2), _log, out var whyNot);
        Assert.Null(opened);
        return whyNot;
    }
}
