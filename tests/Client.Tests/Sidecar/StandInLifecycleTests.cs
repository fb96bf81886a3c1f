namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class StandInLifecycleTests : LifecycleTests
{
    // The real server goes through a hundred.
    protected override int CrashCycles => 5;

    internal override void Configure(ActorEmbedSidecarOptions options) => StandIn(options);
}
