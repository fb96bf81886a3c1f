using System.Globalization;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;
using Microsoft.Extensions.Time.Testing;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class RetryTests
{
    [Theory]
    [InlineData(MisbehavingHub.Listing)]
    [InlineData(Config)]
    [InlineData(WeightsFile)]
    public async Task A_429_waits_as_long_as_the_hub_asks(string file)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(file, new HubFault.Status(429) { RetryAfter = "7" }, times: 2);

        await bench.PullAsync();

        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)], bench.Clock!.Waits);
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_limit_that_is_used_up_is_waited_for_as_the_hub_counts_it()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(Config, new HubFault.Status(429) { RateLimit = "\"resolvers\";r=0;t=172" });

        await bench.PullAsync();

        Assert.Equal([TimeSpan.FromSeconds(173)], bench.Clock!.Waits);
        Assert.Contains(bench.Notes, note => note.Contains("'resolvers' is used up for 172 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_429_for_another_reason_than_the_limit_waits_as_long_as_the_hub_asks()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(Config, new HubFault.Status(429) { RateLimit = "\"resolvers\";r=12;t=172", RetryAfter = "9" });

        await bench.PullAsync();

        Assert.Equal([TimeSpan.FromSeconds(9)], bench.Clock!.Waits);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(407)]
    [InlineData(451)]
    public async Task What_another_try_does_not_change_is_told_at_once(int status)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Status(status, AtFileServer: true) { RequestId = "Root=1-2f" }, MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.ServerError, failure.Failure);
        Assert.Contains($"{bench.Hub.FileServer.Authority} answers {status} for {WeightsFile} (request Root=1-2f)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Clock!.Waits);
    }

    [Fact]
    public async Task A_retry_after_may_be_a_date()
    {
        await using var bench = await PullBench.StartAsync();
        var date = ImpatientClock.Now.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture);
        bench.Hub.Fail(Config, new HubFault.Status(503) { RetryAfter = date });

        await bench.PullAsync();

        Assert.Equal([TimeSpan.FromSeconds(90)], bench.Clock!.Waits);
    }

    [Fact]
    public async Task A_retry_after_of_a_day_is_cut_to_the_longest_wait()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(Config, new HubFault.Status(429) { RetryAfter = "86400" });

        await bench.PullAsync();

        Assert.Equal([bench.Options.MaxRetryAfter], bench.Clock!.Waits);
    }

    [Fact]
    public async Task Server_errors_are_tried_again_after_growing_delays()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(Config, new HubFault.Status(502), times: 4);

        await bench.PullAsync();

        double[] full = [500, 1000, 2000, 4000];
        Assert.Equal(full.Length, bench.Clock!.Waits.Count);
        Assert.All(full.Zip(bench.Clock.Waits), pair =>
            Assert.InRange(pair.Second.TotalMilliseconds, pair.First / 2, pair.First));
    }

    [Theory]
    [InlineData(500, PullFailure.ServerError)]
    [InlineData(503, PullFailure.ServerError)]
    [InlineData(429, PullFailure.RateLimited)]
    public async Task A_server_that_never_recovers_is_given_up(int status, PullFailure expected)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Status(status), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(expected, failure.Failure);
        Assert.Contains(WeightsFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal(
            1 + bench.Options.MaxFruitlessRetries,
            bench.Hub.Requests.Count(request => request.File == WeightsFile));
        bench.AssertNoModel();
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public async Task An_address_of_the_file_server_that_expired_is_asked_for_again(int status)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Status(status, AtFileServer: true));

        await bench.PullAsync();

        Assert.Equal(2, bench.Hub.Requests.Count(request => request is { File: WeightsFile, IsFileServer: false }));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task Silence_in_the_middle_of_a_file_is_ended_and_the_file_goes_on()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Options = bench.Options with { StallTimeout = TimeSpan.FromMilliseconds(300) };
        const int sent = 500_000;
        bench.Hub.Fail(WeightsFile, new HubFault.Stall(sent));

        await bench.PullAsync();

        // A loaded machine may fall silent before the server does, and again later; what had come by then is kept all the same.
        Assert.InRange(bench.Hub.RequestsFor(WeightsFile).Select(request => request.RangeFrom ?? 0).First(from => from > 0), 1, sent);
        Assert.Contains(bench.Notes, note => note.Contains(
            $"{bench.Hub.FileServer.Authority} sent nothing for 0.3 s while fetching {WeightsFile}; trying again in", StringComparison.Ordinal));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Options = bench.Options with { StallTimeout = TimeSpan.FromMilliseconds(100), MaxFruitlessRetries = 1 };
        bench.Hub.Fail("modules.json", new HubFault.Stall(0), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Network, failure.Failure);
        Assert.Contains("modules.json", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_HUB_DOWNLOAD_TIMEOUT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_server_is_not_a_silent_one()
    {
        await using var bench = await PullBench.StartAsync();
        using var gate = new SemaphoreSlim(1);
        var time = new FakeTimeProvider();
        var pieces = 0;
        bench.Hub.Fail(WeightsFile, new HubFault.Metered(200_000, gate));
        // The other files come first, so that nothing but the slow one sees the time pass.
        bench.Options = bench.Options with { ParallelDownloads = 1 };
        var progress = new Callback(value =>
        {
            if (value is not { Stage: PullStage.Downloading, File: WeightsFile } || value.FileBytes % 200_000 != 0)
                return;
            pieces++;
            time.Advance(bench.Options.StallTimeout * 0.9);
            gate.Release();
        });
        using var hub = new ModelHub(bench.Options, time: time);

        await hub.PullAsync(bench.Model, progress);

        Assert.True(pieces >= 12);
        Assert.Single(bench.Hub.RequestsFor(WeightsFile));
        bench.AssertWhole(WeightsFile);
    }

    private sealed class Callback(Action<PullProgress> report) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => report(value);
    }
}
