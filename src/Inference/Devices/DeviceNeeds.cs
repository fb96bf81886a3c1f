namespace ActorEmbed.Inference.Devices;

/// <summary>What can be said of a device without looking for it.</summary>
internal static class DeviceNeeds
{
    /// <summary>Why nothing but the processor will do on any machine, as the end of a sentence; null where the machine decides.</summary>
    public static string? WhyNever(DeviceChoice choice, Precision? precision) => (choice, precision) switch
    {
        (DeviceChoice.Mps, _) => "this version of ActorEmbed does not run models on Apple's accelerators; cpu is what it runs on there",
        (DeviceChoice.Cuda or DeviceChoice.Auto, Precision.Int8) => "int8 runs on the processor only, and cuda takes fp16 or fp32",
        _ => null,
    };
}
