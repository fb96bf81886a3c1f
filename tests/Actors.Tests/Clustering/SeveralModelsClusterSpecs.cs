using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Hosting;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests.Clustering;

[Collection(ClusterTestsAlone.Name)]
public sealed class SeveralModelsClusterSpecs
{
    private readonly ScriptedModel _first = new() { Id = "tests/first" };
    private readonly ScriptedModel _second = new() { Id = "tests/second" };

    [Fact]
    public async Task The_router_of_each_model_gets_the_nodes_that_have_it()
    {
        await using var router = await StartRouterAsync();
        await using var one = await ClusterNode.StartWorkerAsync(router, _first.Load);
        await using var other = await ClusterNode.StartWorkerAsync(router, _second.Load);
        var second = router.System.GetActorEmbedRouter("Tests/Second");

        Assert.Equal("tests/first", Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text")).Model.Id);
        Assert.Equal("tests/second", Assert.IsType<TextsEmbedded>(await EmbedAsync(second)).Model.Id);
        Assert.Equal([one.Address], (await router.StatusAsync()).Workers.Select(worker => worker.Node));
        Assert.Equal([other.Address], (await StatusAsync(second)).Workers.Select(worker => worker.Node));
    }

    [Fact]
    public async Task A_node_with_both_models_works_for_both_one_batch_at_a_time()
    {
        var running = 0;
        var most = 0;
        void OnBatch(IReadOnlyList<string> texts)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Thread.Yield();
            Interlocked.Decrement(ref running);
        }

        (_first.OnBatch, _second.OnBatch) = (OnBatch, OnBatch);
        await using var router = await StartRouterAsync();
        await using var node = await ClusterNode.StartWorkerAsync(router, _first.Load, also: ("second", _second.Load));
        var second = router.System.GetActorEmbedRouter("tests/second");

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? router.EmbedAsync($"text {i}") : EmbedAsync(second, $"text {i}")));

        Assert.All(replies, reply => Assert.IsType<TextsEmbedded>(reply));
        Assert.Equal(1, most);
        Assert.Equal(ServiceState.Ready, (await StatusAsync(node.System.GetActorEmbedInferenceNode("second"))).State);
    }

    [Fact]
    public async Task A_node_with_another_model_is_refused_with_those_that_are_expected()
    {
        var third = new ScriptedModel { Id = "tests/third" };
        await using var router = await StartRouterAsync();
        await using var node = await ClusterNode.StartWorkerAsync(router, third.Load);

        await node.Kit.AwaitAssertAsync(
            async () => Assert.Equal("It has tests/third in Fp32, but tests/first, tests/second are expected here.", (await StatusAsync(node.Node)).Reason),
            TimeSpan.FromSeconds(20));

        Assert.Empty((await router.StatusAsync()).Workers);
    }

    [Fact]
    public async Task A_node_that_leaves_is_let_go_by_the_router_of_its_model()
    {
        await using var router = await StartRouterAsync();
        await using var node = await ClusterNode.StartWorkerAsync(router, _first.Load);
        await router.AwaitWorkersAsync(1);

        await node.StopAsync();

        await router.AwaitStatusAsync(status => Assert.DoesNotContain(status.Workers, worker => worker.State is WorkerState.Free or WorkerState.Announced));
    }

    [Fact]
    public async Task A_node_that_nobody_asks_closes_its_model_and_a_router_with_work_wakes_it()
    {
        await using var router = await ClusterNode.StartRouterAsync();
        await using var node = await ClusterNode.StartWorkerAsync(router, _first.Load, scheduling: new SchedulingOptions { UnloadAfter = TimeSpan.FromSeconds(1) });
        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text"));

        await router.AwaitStatusAsync(status => Assert.Equal(WorkerState.Asleep, Assert.Single(status.Workers).State));
        await node.Kit.AwaitAssertAsync(() => Assert.Equal(1, _first.Disposals), TimeSpan.FromSeconds(20));
        var asleep = await router.StatusAsync();
        Assert.Equal((ServiceState.Ready, true), (asleep.State, asleep.IsAsleep));

        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("again"));
        Assert.Equal((2, 0), (_first.Loads, (await router.StatusAsync()).Counters.LostBatches));
    }

    [Fact]
    public async Task Requests_for_tokens_wake_a_node_too()
    {
        await using var router = await ClusterNode.StartRouterAsync();
        await using var node = await ClusterNode.StartWorkerAsync(router, _first.Load, scheduling: new SchedulingOptions { UnloadAfter = TimeSpan.FromSeconds(1) });
        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text"));
        await node.Kit.AwaitAssertAsync(() => Assert.Equal(1, _first.Disposals), TimeSpan.FromSeconds(20));

        Assert.IsType<TextsTokenized>(await router.AskAsync(new TokenizeTexts(["text"])));

        Assert.Equal(2, _first.Loads);
    }

    private static Task<ClusterNode> StartRouterAsync() => ClusterNode.StartRouterAsync(new ClusterOptions { ExpectedModels = ["tests/first", "tests/second"] });

    private static Task<EmbedReply> EmbedAsync(IActorRef router, string text = "text") => router.Ask<EmbedReply>(new EmbedTexts([text]), TimeSpan.FromSeconds(40));

    private static Task<ServiceStatus> StatusAsync(IActorRef actor) => actor.Ask<ServiceStatus>(GetStatus.Instance, TimeSpan.FromSeconds(20));
}
