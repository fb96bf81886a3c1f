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

    [Fact]
    public void A_machine_without_any_of_it_gets_one_line()
    {
        var finding = Assert.Single(Accelerator.Judge(DeviceChoice.Auto, isInBuild: false, "this build has none", null, [Runtime, Dnn]));

        Assert.Equal(("cpu: this build has none", null, ExitCode.Success), (finding.Found, finding.Advice, finding.ExitCode));
    }

    [Fact]
    public void Each_library_is_named_with_its_version_and_what_is_missing_with_what_to_install()
    {
        var findings = Accelerator.Judge(DeviceChoice.Cuda, isInBuild: true, "libcudart.so.13 is missing", null, [Driver, Runtime, Dnn]).ToList();

        Assert.Equal((ExitCode.BadModel, "libcudart.so.13 is missing"), (findings[0].ExitCode, findings[0].Found));
        Assert.Equal(
            "libcuda.so.1 (driver) 13.0, libcudart.so.13 (CUDA 13) missing, libcudnn.so.9 (cuDNN 9) missing, which only some operators need",
            findings[1].Found);
        Assert.StartsWith("For cuda install CUDA 13, cuDNN 9, and see", findings[1].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_accelerator_that_can_be_had_is_named()
    {
        var findings = Accelerator.Judge(DeviceChoice.Auto, isInBuild: true, whyNot: null, "a card, CUDA 13.0", [Driver]).ToList();

        Assert.Equal(["cuda: a card, CUDA 13.0", "libcuda.so.1 (driver) 13.0"], findings.Select(finding => finding.Found));
        Assert.All(findings, finding => Assert.Null(finding.Advice));
    }
}
