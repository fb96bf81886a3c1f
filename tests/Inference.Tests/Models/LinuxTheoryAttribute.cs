namespace ActorEmbed.Inference.Tests.Models;

/// <summary>A test with devices and pipes among the files of a model, which are recognised on Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only on Linux does the library ask what kind of file it opens.";
    }
}
