namespace ActorEmbed.Inference.Tests.Compilation;

/// <summary>A test that creates symbolic links.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinkFactAttribute : FactAttribute
{
    public LinkFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows lets only developers and administrators create symbolic links.";
    }
}
