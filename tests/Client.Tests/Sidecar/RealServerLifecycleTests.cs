using ActorEmbed.Client.Tests.Processes;

namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class RealServerLifecycleTests : LifecycleTests
{
    protected override int CrashCycles => 100;

    internal override void Configure(ActorEmbedSidecarOptions options) => options.ExecutablePath = RealServer.ExecutablePath;
}
