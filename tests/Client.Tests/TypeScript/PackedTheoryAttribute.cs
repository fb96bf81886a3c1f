namespace ActorEmbed.Client.Tests.TypeScript;

/// <summary>A test with several cases that needs the packed packages of npm.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PackedTheoryAttribute : TheoryAttribute
{
    public PackedTheoryAttribute()
    {
        Skip = PackedPackages.WhyNot;
        Timeout = (int)PackedPackages.Limit.TotalMilliseconds;
    }
}
