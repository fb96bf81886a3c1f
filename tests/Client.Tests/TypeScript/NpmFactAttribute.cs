namespace ActorEmbed.Client.Tests.TypeScript;

/// <summary>A test that needs Node.js and npm.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = TypeScriptPackage.WhyNot;
}
