namespace ActorEmbed.Client.Tests.TypeScript;

/// <summary>A test that needs Node.js and npm.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute()
    {
        Skip = TypeScriptPackage.WhyNot;
        // The package's own limit ends what it runs; this one is for when that does not help.
        Timeout = 2 * (int)TypeScriptPackage.Limit.TotalMilliseconds;
    }
}
