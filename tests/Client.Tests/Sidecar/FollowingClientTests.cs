using ActorEmbed.Client.Tests.Processes;
using Microsoft.Extensions.AI;
using State = ActorEmbed.Client.ActorEmbedSidecarState;

namespace ActorEmbed.Client.Tests.Sidecar;

public sealed class FollowingClientTests : SidecarFixture
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_client_waits_for_a_start_and_across_a_restart()
    {
        var sidecar = Create(options => StandIn(options), Time);
        using var client = sidecar.CreateClient();

        var starting = sidecar.StartAsync();
        Assert.Single(await client.EmbedBatchAsync(["during the start"]));
        await starting;
        await CrashAsync(sidecar);
        var pending = client.EmbedBatchAsync(["during the pause"]);
        Assert.False(await client.CheckHealthAsync());
        await Time.RunsAsync(TimeSpan.FromSeconds(2));
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Single(await pending);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_client_waits_no_longer_than_its_time_out()
    {
        var sidecar = Create(options =>
        {
            StandIn(options);
            options.RestartDelay = options.MaxRestartDelay = TimeSpan.FromHours(1);
        }, Time);
        using var client = sidecar.CreateClient(new ActorEmbedClientOptions { Timeout = TimeSpan.FromSeconds(7) });
        await sidecar.StartAsync();
        await CrashAsync(sidecar);

        var pending = client.EmbedBatchAsync(["a"]);
        await Time.RunsAsync(TimeSpan.FromSeconds(7));
        Time.Advance(TimeSpan.FromSeconds(7));

        var failure = await FailureAsync(pending);
        Assert.Equal((ActorEmbedErrorCode.Timeout, 1), (failure.Code, failure.Attempts));
        Assert.Equal(State.Restarting, sidecar.GetStatus().State);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_client_waits_for_a_start_that_still_waits_for_the_end_of_the_server_before()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { IgnoresSigTerm = true }), Time);
        using var client = sidecar.CreateClient(new ActorEmbedClientOptions { RetryAttempts = 0 });
        await sidecar.StartAsync();

        var stopping = sidecar.StopAsync();
        await Log.LineAsync("draining");
        var starting = sidecar.StartAsync();
        var pending = client.EmbedBatchAsync(["a"]);
        await Time.RunsAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(State.Stopping, sidecar.GetStatus().State);
        Time.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(stopping, starting);

        Assert.Single(await pending);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_client_that_waits_for_a_start_learns_of_its_end()
    {
        var sidecar = Create(options => StandIn(options, new Scenario { IsNeverReady = true }));
        using var client = sidecar.CreateClient(new ActorEmbedClientOptions { RetryAttempts = 0 });

        var starting = FailureAsync(sidecar.StartAsync());
        var pending = FailureAsync(client.EmbedBatchAsync(["a"]));
        await Log.LineAsync("listening");
        await sidecar.StopAsync();

        Assert.Equal(ActorEmbedErrorCode.Stopped, (await starting).Code);
        Assert.Equal(ActorEmbedErrorCode.NetworkError, (await pending).Code);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_call_that_no_server_will_come_for_fails_at_once()
    {
        var sidecar = Create(options => StandIn(options), Time);
        using var client = sidecar.CreateClient();

        // Nobody moves this clock: a second try, which waits for it, would never come.
        var before = await FailureAsync(client.EmbedBatchAsync(["a"]));
        await sidecar.StartAsync();
        Assert.Single(await client.EmbedBatchAsync(["a"]));
        await sidecar.StopAsync();
        var after = await FailureAsync(client.EmbedBatchAsync(["a"]));

        Assert.All([before, after], failure => Assert.Equal(
            (ActorEmbedErrorCode.NetworkError, "The sidecar is Stopped: start it first."), (failure.Code, failure.Message)));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_client_knows_the_model_of_a_sidecar_that_has_started()
    {
        var sidecar = Create(options => StandIn(options));
        using var client = sidecar.CreateClient();

        await sidecar.StartAsync();

        var (status, metadata) = (sidecar.GetStatus(), (EmbeddingGeneratorMetadata)client.GetService(typeof(EmbeddingGeneratorMetadata))!);
        Assert.NotNull(status.Model);
        Assert.Equal((status.Model, status.Dimensions, status.Url), (metadata.DefaultModelId, metadata.DefaultModelDimensions, metadata.ProviderUri));
    }
}
