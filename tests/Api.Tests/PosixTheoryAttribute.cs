namespace ActorEmbed.Api.Tests;

/// <summary>As <see cref="PosixFactAttribute"/>, with several inputs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PosixTheoryAttribute : TheoryAttribute
{
    public PosixTheoryAttribute() => Skip = new PosixFactAttribute().Skip;
}
