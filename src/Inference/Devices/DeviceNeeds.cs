namespace ActorEmbed.Inference.Devices;

/// <summary>What can be said of a device without looking for it.</summary>
internal static class DeviceNeeds
{
    /// <summary>Why nothing but the processor will do on any machine, as the end of a sentence; null where the machine decides.</summary>
    public static string? WhyNever(Precision? precision) =>
        precision == Precision.Int8 ? "int8 runs on the processor only, and other devices take fp16 or fp32" : null;

    /// <summary>Whether nobody has to ask for a device for models to run there; elsewhere a comparison on this machine decides.</summary>
    public static bool IsTrusted(this Device device) => device == Device.Cuda;

    /// <summary>Whether a session there has one shape, for graphs that are written so.</summary>
    public static bool HasFixedShapes(this Device device) => device == Device.Mps;
}
