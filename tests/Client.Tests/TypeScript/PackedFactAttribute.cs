namespace ActorEmbed.Client.Tests.TypeScript;

/// <summary>A test that needs the packed packages of npm.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PackedFactAttribute : FactAttribute
{
    public PackedFactAttribute()
    {
        Skip = PackedPackages.WhyNot;
        Timeout = (int)PackedPackages.Limit.TotalMilliseconds;
    }
}
