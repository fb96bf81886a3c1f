using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Devices;

/// <summary>The devices of this machine, as far as this build of ONNX Runtime has providers for them.</summary>
internal sealed partial class OnnxDeviceRuntime : IDeviceRuntime
{
    private const string CudaProvider = "CUDAExecutionProvider";

    // The first that the driver names; CUDA_VISIBLE_DEVICES chooses which that is.
    private const string FirstDevice = "0";

    private OnnxDeviceRuntime()
    {
    }

    /// <summary>Of this process.</summary>
    public static OnnxDeviceRuntime Instance { get; } = new();

    /// <summary>Whether this build has a provider for more than the processor.</summary>
    public static bool IsInThisBuild => OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider);

    public DeviceHistory History { get; } = new();

    public bool HasPackedAttention => true;

    public string? WhyNot(Device device)
    {
        if (device == Device.Cpu)
            return null;
        if (!IsInThisBuild)
            return $"this build of ActorEmbed runs on the processor only{Flavour()}";
        if (CudaLibrary.All.Where(library => library.IsRequired).FirstOrDefault(library => !library.TryLoad(out _)) is { } missing)
            return $"the library {missing.File} ({missing.Part}) is not on this machine; 'actorembed doctor' lists all that are needed";
        if (WhyNoDriver() is { } noDriver)
            return noDriver;
        try
        {
            return DeviceTrial.Run(AddCuda) ? null : "the accelerator adds wrongly";
        }
        catch (OnnxRuntimeException e)
        {
            return Where().Replace(e.Message.ReplaceLineEndings(" "), "").TrimEnd(' ', '.');
        }
    }

    public string Identify(Device device) =>
        CudaLibrary.Driver.TryLoad(out var driver) ? $"{CudaDriver.Look(driver).Name}, CUDA {CudaLibrary.Driver.VersionOf(driver)}" : "";

    public InferenceSession Open(string graphPath, Device device) => OnnxSessions.OpenOnDevice(graphPath, AddCuda);

    public void Run(InferenceSession session, RunOptions options, OrtIoBinding binding) => session.RunWithBinding(options, binding);

    private static void AddCuda(SessionOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = FirstDevice,
            // By doubling it would take up to twice what it needs of memory that it shares with others.
            ["arena_extend_strategy"] = "kSameAsRequested",
            // Single precision with 10 bits of mantissa is no single precision.
            ["use_tf32"] = "0",
        });
        options.AppendExecutionProvider_CUDA(cuda);
    }

    private static string? WhyNoDriver() =>
        CudaLibrary.Driver.TryLoad(out var driver) ? CudaDriver.Look(driver).WhyNot : null;

    /// <summary>Which build would do.</summary>
    private static string Flavour() => (OperatingSystem.IsLinux(), OperatingSystem.IsWindows()) switch
    {
        (true, _) => Named("linux"),
        (_, true) => Named("win"),
        _ => ", and there is none for CUDA on this system",
    };

    // Where in its own sources ONNX Runtime noticed it.
    [GeneratedRegex(@"^.*\[ONNXRuntimeError\] : \d+ : \w+ : ")]
    private static partial Regex Where();

    private static string Named(string system) =>
        $"; take its cuda flavour (actorembed-VERSION-{system}-x64-cuda, or npm's @actorembed/server-{(system == "win" ? "win32" : system)}-x64-cuda)";
}
