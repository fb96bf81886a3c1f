using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorEmbed.Tests.Shared.Models;
using Xunit.Abstractions;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>One router and three workers as real processes, under load, while things happen to them.</summary>
[Collection(ClusterTestsAlone.Name)]
public sealed partial class ClusterProcessTests(ITestOutputHelper output)
{
    // More than are under way at any time: so that what happens in between has met requests.
    private const int SomeAnswers = 40;

    [PosixFact]
    public async Task Killed_and_frozen_workers_lose_nothing_and_work_again_when_they_are_back()
    {
        await using var cluster = new ClusterUnderTest();
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: false);
        await AwaitAnswersAsync(cluster, load);

        cluster.Workers[1].Kill();
        await AwaitAnswersAsync(cluster, load);
        await cluster.RestartWorkerAsync(1);
        await cluster.AwaitWorkingAsync(1);

        cluster.Workers[2].Freeze();
        await cluster.AwaitStateAsync(2, "suspect");
        await AwaitAnswersAsync(cluster, load);
        cluster.Workers[2].Thaw();
        await cluster.AwaitWorkingAsync(2);

        await load.AssertNothingLostAsync(() => AnsweredAsync(cluster), output.WriteLine);
    }

    [PosixFact]
    public async Task A_worker_that_the_cluster_has_given_up_joins_again_as_another()
    {
        await using var cluster = new ClusterUnderTest();
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: false);
        await AwaitAnswersAsync(cluster, load);

        cluster.Workers[0].Freeze();
        await cluster.AwaitAsync(async () => (await cluster.InfoAsync()).GetProperty("nodes").GetArrayLength() == 2);
        cluster.Workers[0].Thaw();
        await cluster.AwaitWorkingAsync(0);
        await load.AssertNothingLostAsync(() => AnsweredAsync(cluster), output.WriteLine);

        Assert.Equal(2, cluster.Workers[0].Log.Split("\"event\":\"ready\"").Length - 1);
    }

    [PosixFact]
    public async Task A_rolling_restart_of_all_workers_fails_no_request_and_loses_no_batch()
    {
        await using var cluster = new ClusterUnderTest();
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: false);

        for (var worker = 0; worker < cluster.Workers.Length; worker++)
        {
            await AwaitAnswersAsync(cluster, load);
            Assert.Equal(ExitCode.Success, await cluster.Workers[worker].StopAsync());
            Assert.StartsWith("{\"event\":\"ready\"", Assert.Single(cluster.Workers[worker].StandardOutput), StringComparison.Ordinal);
            await cluster.RestartWorkerAsync(worker);
            await cluster.AwaitWorkingAsync(worker);
        }

        await load.AssertNothingLostAsync(() => AnsweredAsync(cluster), output.WriteLine);
        await AssertNoBatchWentDownWithAWorkerAsync(cluster);
    }

    [PosixFact]
    public async Task A_router_that_is_killed_is_found_again_by_its_workers_and_callers_who_retry_lose_nothing()
    {
        await using var cluster = new ClusterUnderTest();
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: true);
        await AwaitAnswersAsync(cluster, load);

        await cluster.RestartRouterAsync();
        await AwaitAnswersAsync(cluster, load);
        for (var worker = 0; worker < cluster.Workers.Length; worker++)
            await cluster.AwaitWorkingAsync(worker);

        await load.AssertNothingLostAsync(null, output.WriteLine);
    }

    [PosixFact]
    public async Task A_node_with_another_model_and_garbage_on_the_port_change_nothing_for_the_others()
    {
        await using var cluster = new ClusterUnderTest();
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: false);

        await cluster.Workers[2].DisposeAsync();
        cluster.Workers[2] = cluster.StartWorker(cluster.Places[2], TestModels.Starter);
        await cluster.AwaitStateAsync(2, "refused");
        await SendGarbageAsync(cluster.RouterAddress);
        await SendGarbageAsync(cluster.Places[0].Address);
        await AwaitAnswersAsync(cluster, load);
        await cluster.AwaitWorkingAsync(0);

        await Eventually.TrueAsync(async () =>
        {
            // The router knows of it before the node does, and a log comes through a pipe.
            await cluster.InfoAsync();
            return cluster.Router.Log.Contains("is refused", StringComparison.Ordinal)
                && cluster.Workers[2].Log.Contains("refuses this node", StringComparison.Ordinal);
        });
        await load.AssertNothingLostAsync(() => AnsweredAsync(cluster), output.WriteLine);
    }

    [PosixFact]
    public async Task A_router_that_the_cluster_has_given_up_ends_with_its_own_exit_code_and_keeps_nobody_waiting()
    {
        // Of two, the one with the lower address goes on; the lowest of all decides.
        int[] ports = [.. Enumerable.Range(0, 3).Select(_ => ClusterUnderTest.FreePort()).Order()];
        var httpPort = ClusterUnderTest.FreePort();
        string[] seed = ["--seed-node", $"127.0.0.1:{ports[0]}", "--cluster-port"];
        await using var first = NodeProcess.Start(null, [.. seed, $"{ports[0]}", "--role", "router", "--port", "0"]);
        await using var second = NodeProcess.Start(null, [.. seed, $"{ports[1]}", "--role", "router", "--port", $"{httpPort}", "--drain-timeout", "600"]);
        await using var worker = NodeProcess.Start(null, [.. seed, $"{ports[2]}", "--role", "inference", "--model", TestModels.XlmrTiny]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
        // Members both: or the worker would not have found it.
        await second.AwaitLogAsync("is ready on");
        await using var load = new ClusterLoad(client, mayRetry: true);

        second.Freeze();
        await first.AwaitLogAsync("is downing");
        second.Thaw();

        Assert.Equal(ExitCode.LeftCluster, await second.ExitCodeAsync());
    }

    [PartitionFact]
    public async Task A_worker_that_is_cut_off_by_the_network_loses_nothing_and_works_again_when_it_is_back()
    {
        using var network = new NetworkNamespaces(3);
        await using var cluster = new ClusterUnderTest(NetworkNamespaces.RouterHost, network.Places);
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: false);
        await AwaitAnswersAsync(cluster, load);

        network.Pull(1);
        await cluster.AwaitStateAsync(1, "suspect");
        await AwaitAnswersAsync(cluster, load);
        network.Plug(1);
        await cluster.AwaitWorkingAsync(1);

        Assert.Contains("without a secret", cluster.Router.Log, StringComparison.Ordinal);
        await load.AssertNothingLostAsync(() => AnsweredAsync(cluster), output.WriteLine);
    }

    [PartitionFact]
    public async Task A_worker_that_cannot_reach_the_router_but_everybody_else_takes_nobody_down_with_it()
    {
        using var network = new NetworkNamespaces(3);
        await using var cluster = new ClusterUnderTest(NetworkNamespaces.RouterHost, network.Places);
        await cluster.AwaitWorkersAsync();
        await using var load = new ClusterLoad(cluster.Client, mayRetry: false);
        await AwaitAnswersAsync(cluster, load);

        network.HideRouterFrom(1);
        await cluster.AwaitAsync(async () => (await cluster.InfoAsync()).GetProperty("nodes").GetArrayLength() == 2);
        network.ShowRouterTo(1);
        await cluster.AwaitWorkingAsync(1);

        Assert.Contains("is taken out of the cluster", cluster.Router.Log, StringComparison.Ordinal);
        await load.AssertNothingLostAsync(() => AnsweredAsync(cluster), output.WriteLine);
        Assert.Single(cluster.Workers[0].StandardOutput);
    }

    private static Task AwaitAnswersAsync(ClusterUnderTest cluster, ClusterLoad load)
    {
        var enough = load.Answered + SomeAnswers;
        return cluster.AwaitAsync(() => Task.FromResult(load.Answered >= enough));
    }

    private static async Task<long> AnsweredAsync(ClusterUnderTest cluster) =>
        (await cluster.InfoAsync()).GetProperty("counters").GetProperty("answered").GetInt64();

    // On a machine that stands still for seconds, workers seem to be late or out of reach that are not; what they had is
    // computed twice, and that says nothing of the restart.
    private static async Task AssertNoBatchWentDownWithAWorkerAsync(ClusterUnderTest cluster)
    {
        var counted = (await cluster.InfoAsync()).GetProperty("counters").GetProperty("lost_batches").GetInt64();
        string[] lost = [];
        // A log comes through a pipe.
        await Eventually.TrueAsync(() =>
        {
            lost = [.. cluster.Router.Log.Split('\n').Where(line => line.Contains("was lost on", StringComparison.Ordinal))];
            return Task.FromResult(lost.Length >= counted);
        });
        Assert.True(lost.All(line => LateOrOutOfReach().IsMatch(line)), cluster.Router.Log);
    }

    [GeneratedRegex("its batch did not come back in time|its node cannot be reached")]
    private static partial Regex LateOrOutOfReach();

    private static async Task SendGarbageAsync(string address)
    {
        // A frame of two gigabytes, a negative one, a frame that is none, noise, and somebody who took the port for another.
        byte[][] garbage =
        [
            [0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3], [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3], [4, 0, 0, 0, 9, 9, 9, 9], new byte[100_000],
            .. new[] { "GET / HTTP/1.1\r\nHost: node\r\n\r\n" }.Select(System.Text.Encoding.ASCII.GetBytes),
        ];
        new Random(1).NextBytes(garbage[3]);
        foreach (var bytes in garbage)
        {
            using var stranger = new TcpClient();
            await stranger.ConnectAsync(System.Net.IPEndPoint.Parse(address));
            try
            {
                await stranger.GetStream().WriteAsync(bytes);
            }
            catch (IOException)
            {
                // Cut off in the middle, as a stranger should be.
            }
        }
    }
}
