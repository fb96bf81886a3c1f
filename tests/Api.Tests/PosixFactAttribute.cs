namespace ActorEmbed.Api.Tests;

/// <summary>A test that needs POSIX signals.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PosixFactAttribute : FactAttribute
{
    public PosixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no SIGTERM.";
    }
}
