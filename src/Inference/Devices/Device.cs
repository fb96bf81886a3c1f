namespace ActorEmbed.Inference.Devices;

/// <summary>What a model runs on.</summary>
internal enum Device
{
    Cpu,
    Cuda,
    Mps,
}
