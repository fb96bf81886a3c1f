namespace ActorEmbed.Inference.Devices;

/// <summary>A library of the system that a device needs, and whether it is there.</summary>
/// <param name="File">Name of its file.</param>
/// <param name="Part">What it belongs to, such as <c>CUDA 13</c>.</param>
/// <param name="IsRequired">Whether the device cannot be had without it; the others are loaded by operators that need them.</param>
/// <param name="IsThere">Whether it loads.</param>
/// <param name="Version">Of what was loaded; null where it does not tell.</param>
public sealed record DeviceLibrary(string File, string Part, bool IsRequired, bool IsThere, Version? Version);
