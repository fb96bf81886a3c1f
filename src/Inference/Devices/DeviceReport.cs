namespace ActorEmbed.Inference.Devices;

/// <summary>What there is of a device on this machine.</summary>
/// <param name="Name">As <see cref="ModelInfo.Device"/>.</param>
/// <param name="IsPossible">Whether this build and this system can have it.</param>
/// <param name="WhyNot">Why it cannot be had, as the end of a sentence; null where it can.</param>
/// <param name="Identity">Which hardware and driver it is; null where it cannot be had.</param>
public sealed record DeviceReport(string Name, bool IsPossible, string? WhyNot, string? Identity);
