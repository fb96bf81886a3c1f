namespace ActorEmbed.Client.Tests.Processes;

/// <summary>The real executable, which lies beside the tests.</summary>
internal static class RealServer
{
    public static string ExecutablePath { get; } = Path.Combine(AppContext.BaseDirectory, "actorembed.dll");
}
