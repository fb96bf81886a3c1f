namespace ActorEmbed.Inference.Devices;

/// <summary>Looks for the devices of this machine, without a model.</summary>
public static class DeviceCheck
{
    /// <summary>Looks whether a device can be had, before anything is loaded for it. Always, where the choice is not one of one device.</summary>
    /// <param name="device">The device that is wanted.</param>
    /// <exception cref="ModelLoadException">It is named and cannot be had; the message is one line that says what is missing.</exception>
    public static void Require(DeviceChoice device) => Require(device, OnnxDeviceRuntime.Instance);

    /// <summary>Whether this build of ONNX Runtime knows another device than the processor.</summary>
    public static bool IsInThisBuild => OnnxDeviceRuntime.IsInThisBuild;

    /// <summary>Why models run on the processor and on nothing else here, as the end of a sentence; null where another device can be had.</summary>
    public static string? WhyOnlyCpu() => OnnxDeviceRuntime.Instance.WhyNot(Device.Cuda);

    /// <summary>The accelerator that is used, and its driver; null where there is none.</summary>
    public static string? FindAccelerator() => WhyOnlyCpu() is null ? OnnxDeviceRuntime.Instance.Identify(Device.Cuda) : null;

    /// <summary>The libraries that NVIDIA's accelerators need, whether or not this build can use them.</summary>
    public static IReadOnlyList<DeviceLibrary> FindLibraries() =>
    [
        .. CudaLibrary.All.Select(library => library.TryLoad(out var handle)
            ? new DeviceLibrary(library.File!, library.Part, library.IsRequired, IsThere: true, library.VersionOf(handle))
            : new DeviceLibrary(library.File!, library.Part, library.IsRequired, IsThere: false, Version: null)),
    ];

    internal static void Require(DeviceChoice device, IDeviceRuntime runtime)
    {
        if (device != DeviceChoice.Auto)
            DeviceSelection.Select(device, precision: null, runtime);
    }
}
