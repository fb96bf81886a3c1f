using System.Globalization;
using ActorEmbed.Client.Tests.Processes;

namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class RealServerLifecycleTests : LifecycleTests
{
    /// <summary>A hundred take minutes, most of them spent on starts: for a run of their own, by this variable.</summary>
    public const string CrashCyclesVariable = "ACTOREMBED_TEST_CRASHES";

    public const int DefaultCrashCycles = 10;

    protected override int CrashCycles =>
        Environment.GetEnvironmentVariable(CrashCyclesVariable) is { } cycles ? int.Parse(cycles, CultureInfo.InvariantCulture) : DefaultCrashCycles;

    internal override void Configure(ActorEmbedSidecarOptions options) => options.ExecutablePath = RealServer.ExecutablePath;
}
