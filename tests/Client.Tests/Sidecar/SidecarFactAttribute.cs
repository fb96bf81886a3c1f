namespace ActorEmbed.Client.Tests.Sidecar;

/// <summary>
/// A test of the sidecar's lifecycle. One of them has been seen to wait for ever, once in five runs of all tests, and
/// which one is not known yet; until it is, they run only where someone watches them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SidecarFactAttribute : FactAttribute
{
    private const string Variable = "ACTOREMBED_SIDECAR_TESTS";

    public SidecarFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
            Skip = $"A lifecycle test may wait for ever: set {Variable}=1 to run them.";
        else if (OperatingSystem.IsWindows())
            Skip = "Windows has no signals.";
    }
}
