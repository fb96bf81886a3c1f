namespace ActorEmbed.Inference.Tests;

/// <summary>A test of what only Linux tells of a file.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Other systems do not tell when a file was last changed: every start reads it whole.";
    }
}
