namespace ActorEmbed.Api.Tests;

/// <summary>A test of what only Linux tells, such as what a process has loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "This system has no /proc.";
}
