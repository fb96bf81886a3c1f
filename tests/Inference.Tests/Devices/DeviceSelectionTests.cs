using ActorEmbed.Inference.Devices;
using ActorEmbed.Tests.Shared.Devices;

namespace ActorEmbed.Inference.Tests.Devices;

public sealed class DeviceSelectionTests
{
    private readonly ScriptedDevice _device = new();

    [Theory]
    [InlineData(DeviceChoice.Cpu, null, "cpu")]
    [InlineData(DeviceChoice.Cpu, Precision.Int8, "cpu")]
    [InlineData(DeviceChoice.Cuda, null, "cuda")]
    [InlineData(DeviceChoice.Cuda, Precision.Fp32, "cuda")]
    [InlineData(DeviceChoice.Auto, null, "cuda")]
    [InlineData(DeviceChoice.Auto, Precision.Fp16, "cuda")]
    [InlineData(DeviceChoice.Auto, Precision.Int8, "cpu")]
    public void Where_there_is_an_accelerator_the_choice_decides(DeviceChoice choice, Precision? precision, string device) =>
        Assert.Equal(device, DeviceSelection.Select(choice, precision, _device.Runtime).Device.Name());

    [Fact]
    public void What_is_named_and_cannot_be_had_is_an_error_that_says_what_is_missing()
    {
        _device.WhyNot = "the library libcublasLt.so.13 is not on this machine";

        var error = Assert.Throws<ModelLoadException>(() => DeviceSelection.Select(DeviceChoice.Cuda, null, _device.Runtime));

        Assert.Equal("The device cuda cannot be had: the library libcublasLt.so.13 is not on this machine.", error.Message);
    }

    [Fact]
    public void Auto_takes_the_processor_then_and_keeps_the_reason()
    {
        _device.WhyNot = "there is no driver";

        Assert.Equal(
            new DeviceSelection(Device.Cpu, "there is no driver") { IsFallBack = true },
            DeviceSelection.Select(DeviceChoice.Auto, null, _device.Runtime));
    }

    [Theory]
    [InlineData(DeviceChoice.Auto)]
    [InlineData(DeviceChoice.Cuda)]
    public void A_device_that_has_served_and_is_gone_was_lost_and_may_come_back(DeviceChoice choice)
    {
        _device.Runtime.History.MarkServed(Device.Cuda);
        _device.WhyNot = "the driver finds no accelerator";

        var error = Assert.Throws<InferenceException>(() => DeviceSelection.Select(choice, null, _device.Runtime));

        Assert.Contains("was lost", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeviceChoice.Mps, null, "mps", false)]
    [InlineData(DeviceChoice.Auto, null, "mps", true)]
    [InlineData(DeviceChoice.Auto, Precision.Int8, "cpu", false)]
    [InlineData(DeviceChoice.Cpu, null, "cpu", false)]
    public void On_a_Mac_only_what_was_named_needs_no_proof(DeviceChoice choice, Precision? precision, string device, bool hasToBeProven)
    {
        _device.IsApple = true;

        var selected = DeviceSelection.Select(choice, precision, _device.Runtime);

        Assert.Equal((device, hasToBeProven), (selected.Device.Name(), selected.Device == Device.Mps && selected.HasToBeProven));
    }

    [Fact]
    public void A_Mac_whose_CoreML_does_not_work_is_told_so_where_mps_is_named_and_not_looked_at_where_not()
    {
        (_device.IsApple, _device.WhyNot) = (true, "the provider does not start");

        var error = Assert.Throws<ModelLoadException>(() => DeviceSelection.Select(DeviceChoice.Mps, null, _device.Runtime));

        Assert.Equal("The device mps cannot be had: the provider does not start.", error.Message);
        Assert.Equal(Device.Mps, DeviceSelection.Select(DeviceChoice.Auto, null, _device.Runtime).Device);
    }

    [Fact]
    public void Apples_accelerators_cannot_be_had_on_another_system_and_the_line_says_what_is_missing()
    {
        if (OperatingSystem.IsMacOS())
            return;

        var error = Assert.Throws<ModelLoadException>(() => DeviceCheck.Require(DeviceChoice.Mps));

        Assert.Contains("cannot be had: Apple's accelerators are used on macOS on Apple silicon, and this is ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_build_that_can_have_no_device_has_nothing_to_fall_back_from()
    {
        var selected = DeviceSelection.Select(DeviceChoice.Auto, Precision.Fp16, OnnxDeviceRuntime.Instance);

        if (!OperatingSystem.IsMacOS())
            Assert.Equal((Device.Cpu, false, true), (selected.Device, selected.IsFallBack, selected.WhyNoOther is not null));
    }

    [Fact]
    public void The_build_that_tests_run_has_no_accelerator_and_names_the_one_that_has()
    {
        var error = Assert.Throws<ModelLoadException>(() => DeviceCheck.Require(DeviceChoice.Cuda));

        Assert.Contains("does not run on NVIDIA's accelerators", error.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains("actorembed-1.0.0-linux-x64-cuda, or npm's @actorembed/server-linux-x64-cuda", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_is_never_refused()
    {
        _device.WhyNot = "there is no driver";

        DeviceCheck.Require(DeviceChoice.Auto, _device.Runtime);
    }

    [Fact]
    public void Every_library_that_CUDA_needs_is_looked_for_by_its_file()
    {
        var libraries = DeviceCheck.FindLibraries();

        Assert.Contains(libraries, library => library is { Part: "driver", IsRequired: true });
        Assert.Contains(libraries, library => library.Part == "CUDA 13" && library.File.Contains("cublasLt", StringComparison.Ordinal));
        Assert.Contains(libraries, library => library.Part == "cuDNN 9");
        Assert.All(libraries, library => Assert.True(library.IsThere || library.Version is null));
    }
}
