namespace ActorEmbed.Client.Tests;

/// <summary>A test that needs POSIX signals or permissions.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PosixFactAttribute : FactAttribute
{
    public PosixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has neither.";
    }
}
