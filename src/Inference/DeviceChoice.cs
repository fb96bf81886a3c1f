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

    /// <summary>On Apple's accelerators. Not in this version: it cannot be had.</summary>
    Mps,
}
