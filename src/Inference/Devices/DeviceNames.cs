namespace ActorEmbed.Inference.Devices;

/// <summary>What the devices are called wherever a user reads of them.</summary>
internal static class DeviceNames
{
    /// <summary>As <see cref="ModelInfo.Device"/> has it.</summary>
    public static string Name(this Device device) => device switch
    {
        Device.Cuda => "cuda",
        Device.Mps => "mps",
        _ => "cpu",
    };
}
