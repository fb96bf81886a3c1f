namespace ActorEmbed.Api.Tests.Safety;

/// <summary>A test that watches a process's system calls.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute()
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!OperatingSystem.IsLinux() || !places.Any(place => File.Exists(Path.Combine(place, "strace"))))
            Skip = "strace is not installed.";
    }
}
