using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class SeveralProcessesTests
{
    /// <summary>A lock that does not lock, or is never released, would otherwise be waited for without end.</summary>
    private const int TimeoutMs = 60_000;

    [Fact(Timeout = TimeoutMs)]
    public async Task A_pull_that_is_killed_is_finished_by_the_next_with_the_remaining_bytes()
    {
        await using var bench = await PullBench.StartAsync();
        const int sent = 1_500_000;
        var hasArrived = new TaskCompletionSource();
        bench.Hub.Fail(WeightsFile, new HubFault.Stall(sent));
        bench.Hub.OnRequest = request =>
        {
            if (request is { File: WeightsFile, IsFileServer: true })
                hasArrived.TrySetResult();
        };
        using var process = PullProcess.Start(bench.Hub.Endpoint, bench.Options.CacheDirectory, bench.Model.Id);
        await hasArrived.Task;
        await GrowsToAsync(bench.Partial(WeightsFile), sent);

        process.Kill();
        await process.WaitForExitAsync();
        bench.AssertNoModel();
        var before = bench.Hub.BytesSentOf(WeightsFile);
        await bench.PullAsync();

        Assert.Equal(sent, before);
        Assert.Equal(sent, bench.Hub.RequestsFor(WeightsFile)[^1].RangeFrom);
        Assert.Equal(bench.Hub.Repository[WeightsFile].Length, bench.Hub.BytesSentOf(WeightsFile));
        bench.AssertWhole(WeightsFile);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Two_processes_at_once_fetch_each_file_once()
    {
        await using var bench = await PullBench.StartAsync();
        using var first = PullProcess.Start(bench.Hub.Endpoint, bench.Options.CacheDirectory, bench.Model.Id);
        using var second = PullProcess.Start(bench.Hub.Endpoint, bench.Options.CacheDirectory, bench.Model.Id);

        var outputs = await Task.WhenAll(first.StandardOutput.ReadToEndAsync(), second.StandardOutput.ReadToEndAsync());
        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.All(outputs, output =>
            Assert.Contains(PullProcess.Pulled + bench.Snapshot, output, StringComparison.Ordinal));
        Assert.All(
            bench.Hub.Requests.Where(request => request.File != MisbehavingHub.Listing && request.BytesSent > 0).GroupBy(request => request.File),
            requests => Assert.Single(requests));
        bench.AssertWhole(WeightsFile);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task The_second_pull_says_once_that_it_waits_and_then_finds_the_file()
    {
        await using var bench = await PullBench.StartAsync();
        using var gate = new SemaphoreSlim(0);
        bench.Hub.Fail(WeightsFile, new HubFault.Metered(int.MaxValue, gate));
        var isWaiting = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        bench.Hub.OnRequest = request =>
        {
            if (request is { File: WeightsFile, IsFileServer: true })
                started.TrySetResult();
        };
        using var hub = new ModelHub(bench.Options);
        var first = hub.PullAsync(bench.Model);
        await started.Task;
        var waits = new List<PullProgress>();
        var second = hub.PullAsync(bench.Model, new Waiting(waits, isWaiting));

        await isWaiting.Task;
        gate.Release();
        await Task.WhenAll(first, second);

        Assert.Equal(
            $"another process is fetching {WeightsFile}; waiting for it", Assert.Single(waits, wait => wait.File == WeightsFile).Note);
        Assert.Single(bench.Hub.RequestsFor(WeightsFile));
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_pulls_at_once_do_not_harm_each_other(bool useSymlinks)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Cut(700_000), times: 2);

        var snapshots = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            using var hub = new ModelHub(bench.Options with { UseSymlinks = useSymlinks });
            return await hub.PullAsync(bench.Model);
        })));

        Assert.All(snapshots, snapshot => Assert.Equal(bench.Snapshot, snapshot));
        Assert.Equal(bench.Hub.Repository[WeightsFile].Length, bench.Hub.BytesSentOf(WeightsFile));
        bench.AssertWhole(WeightsFile);
    }

    /// <summary>Waits, without sleeping, for what another process writes.</summary>
    private static async Task GrowsToAsync(string path, long length)
    {
        while (!File.Exists(path) || new FileInfo(path).Length < length)
            await Task.Yield();
    }

    private sealed class Waiting(List<PullProgress> waits, TaskCompletionSource isWaiting) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            if (value.Stage != PullStage.Waiting)
                return;
            waits.Add(value);
            if (value.File == WeightsFile)
                isWaiting.TrySetResult();
        }
    }
}
