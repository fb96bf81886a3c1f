using ActorEmbed.Api.CommandLine.Diagnosis;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Devices;

namespace ActorEmbed.Api.Tests.Operations;

/// <summary>What the doctor says of machines that this one is not.</summary>
public sealed class AcceleratorTests
{
    private static readonly DeviceLibrary Driver = new("libcuda.so.1", "driver", IsRequired: true, IsThere: true, new Version(13, 0));
    private static readonly DeviceLibrary Runtime = new("libcudart.so.13", "CUDA 13", IsRequired: true, IsThere: false, null);
    private static readonly DeviceLibrary Dnn = new("libcudnn.so.9", "cuDNN 9", IsRequired: false, IsThere: false, null);

    private static readonly DeviceReport NoCuda = new("cuda", IsPossible: false, "this build has none", Identity: null);
    private static readonly DeviceReport NoMps = new("mps", IsPossible: false, "this is no Mac", Identity: null);

    [Fact]
    public void A_machine_without_any_of_it_gets_one_line()
    {
        var finding = Assert.Single(Accelerator.Judge(DeviceChoice.Auto, [NoCuda, NoMps], [Runtime, Dnn]));

        Assert.Equal(("cpu: this build has none", null, ExitCode.Success), (finding.Found, finding.Advice, finding.ExitCode));
    }

    [Fact]
    public void Each_library_is_named_with_its_version_and_what_is_missing_with_what_to_install()
    {
        var findings = Accelerator.Judge(
            DeviceChoice.Cuda, [NoCuda with { IsPossible = true, WhyNot = "libcudart.so.13 is missing" }, NoMps], [Driver, Runtime, Dnn]).ToList();

        Assert.Equal((ExitCode.BadModel, "The device cuda cannot be had: libcudart.so.13 is missing."), (findings[0].ExitCode, findings[0].Found));
        Assert.Equal(
            "libcuda.so.1 (driver) 13.0, libcudart.so.13 (CUDA 13) missing, libcudnn.so.9 (cuDNN 9) missing, which only some operators need",
            findings[1].Found);
        Assert.StartsWith("For cuda install CUDA 13, cuDNN 9, and see", findings[1].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_accelerator_that_can_be_had_is_named()
    {
        var findings = Accelerator.Judge(DeviceChoice.Auto, [new("cuda", IsPossible: true, WhyNot: null, "a card, CUDA 13.0"), NoMps], [Driver]).ToList();

        Assert.Equal(["cuda: a card, CUDA 13.0", "libcuda.so.1 (driver) 13.0"], findings.Select(finding => finding.Found));
        Assert.All(findings, finding => Assert.Null(finding.Advice));
    }

    [Theory]
    [InlineData(DeviceChoice.Auto, "cpu, or mps (Apple M1, macOS 26.0) for models that were compared there and were faster: a start with --device mps does that")]
    [InlineData(DeviceChoice.Mps, "mps: Apple M1, macOS 26.0")]
    [InlineData(DeviceChoice.Cpu, "cpu, as the settings say")]
    public void On_a_Mac_it_says_what_auto_wants_to_know_before_it_takes_mps(DeviceChoice choice, string expected)
    {
        var finding = Assert.Single(Accelerator.Judge(
            choice, [NoCuda, new("mps", IsPossible: true, WhyNot: null, "Apple M1, macOS 26.0")], [Runtime, Dnn]));

        Assert.Equal((expected, null, ExitCode.Success), (finding.Found, finding.Advice, finding.ExitCode));
    }

    [Fact]
    public void Mps_that_cannot_be_had_is_a_fault_where_it_is_named()
    {
        var finding = Assert.Single(Accelerator.Judge(DeviceChoice.Mps, [NoCuda, NoMps], [Runtime, Dnn]));

        Assert.Equal(("The device mps cannot be had: this is no Mac.", ExitCode.BadModel), (finding.Found, finding.ExitCode));
    }
}
