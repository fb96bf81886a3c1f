namespace ActorEmbed.Inference.Tests;

/// <summary>A test of what Windows does not let happen: an open file cannot be written there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PosixFactAttribute : FactAttribute
{
    public PosixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows keeps others from writing a file that is open.";
    }
}
