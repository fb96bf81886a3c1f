namespace ActorEmbed.Inference;

/// <summary>Where a model may be run.</summary>
public enum DeviceChoice
{
    /// <summary>On a device that is faster than the processor, where one can be had and gives the processor's vectors; otherwise there.</summary>
    Auto,

    /// <summary>On the processor.</summary>
    Cpu,

    /// <summary>On NVIDIA's accelerators, and nowhere else.</summary>
    Cuda,

    /// <summary>On Apple's accelerators, and nowhere else but for texts of more than 512 tokens; on macOS on Apple silicon. Untried.</summary>
    Mps,
}
