namespace ActorEmbed.Inference.Devices;

/// <summary>Looks for the devices of this machine, without a model.</summary>
public static class DeviceCheck
{
    /// <summary>Looks whether a device can be had, before anything is loaded for it. Always, where the choice is not one of one device.</summary>
    /// <param name="device">The device that is wanted.</param>
    /// <exception cref="ModelLoadException">It is named and cannot be had; the message is one line that says what is missing.</exception>
    public static void Require(DeviceChoice device) => Require(device, OnnxDeviceRuntime.Instance);

    /// <summary>What there is of each device beside the processor.</summary>
    public static IReadOnlyList<DeviceReport> Look() => Look(OnnxDeviceRuntime.Instance);

    /// <summary>The libraries that NVIDIA's accelerators need, whether or not this build can use them.</summary>
    public static IReadOnlyList<DeviceLibrary> FindLibraries() =>
    [
        .. CudaLibrary.All.Select(library => library.TryLoad(out var handle)
            ? new DeviceLibrary(library.File!, library.Part, library.IsRequired, IsThere: true, library.VersionOf(handle))
            : new DeviceLibrary(library.File!, library.Part, library.IsRequired, IsThere: false, Version: null)),
    ];

    internal static IReadOnlyList<DeviceReport> Look(IDeviceRuntime runtime) =>
    [
        .. new[] { Device.Cuda, Device.Mps }.Select(device =>
        {
            var whyNever = runtime.WhyNever(device);
            var whyNot = whyNever ?? runtime.WhyNot(device);
            return new DeviceReport(device.Name(), whyNever is null, whyNot, whyNot is null ? runtime.Identify(device) : null);
        }),
    ];

    internal static void Require(DeviceChoice device, IDeviceRuntime runtime)
    {
        if (device != DeviceChoice.Auto)
            DeviceSelection.Select(device, precision: null, runtime);
    }
}
