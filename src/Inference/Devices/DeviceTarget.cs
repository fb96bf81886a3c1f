namespace ActorEmbed.Inference.Devices;

/// <summary>A device that is not the processor, and what runs graphs there.</summary>
/// <param name="Runtime">Runs them.</param>
/// <param name="Device">The device.</param>
internal sealed record DeviceTarget(IDeviceRuntime Runtime, Device Device);
