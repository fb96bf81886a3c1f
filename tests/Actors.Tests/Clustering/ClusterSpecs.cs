using ActorEmbed.Actors.Clustering;
using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Testing;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Actors.Tests.Clustering;

[Collection(ClusterTestsAlone.Name)]
public sealed class ClusterSpecs
{
    [Fact]
    public async Task Nodes_that_join_share_the_work_and_vectors_come_back_bit_by_bit()
    {
        using var both = new Barrier(participantCount: 2);
        // Neither batch ends before the other has begun: so both nodes work at the same time.
        var one = new ScriptedModel { OnBatch = texts => Meet(texts, both) };
        var two = new ScriptedModel { OnBatch = texts => Meet(texts, both) };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var first = await ClusterNode.StartWorkerAsync(router, one.Load);
        await using var second = await ClusterNode.StartWorkerAsync(router, two.Load);
        await router.AwaitWorkersAsync(2);

        var replies = await Task.WhenAll(router.EmbedAsync("meet one"), router.EmbedAsync("meet two"));

        Assert.Equal(
            new[] { "meet one", "meet two" }.Select(ScriptedModel.UnitVectorOf),
            replies.Select(reply => Assert.Single(Assert.IsType<TextsEmbedded>(reply).Vectors)));
        Assert.Equal([1, 1], new[] { one, two }.Select(model => model.Batches.Count));
    }

    [Fact]
    public async Task A_batch_that_is_many_default_frames_long_gets_through_both_ways()
    {
        var model = new FakeEmbeddingModel(dimensions: 4096);
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Open);
        var texts = Enumerable.Range(0, 32).Select(i => $"{i} {new string('x', 300_000)}").ToArray();

        var reply = Assert.IsType<TextsEmbedded>(await router.EmbedAsync(texts));

        Assert.Equal(texts.Select(model.UnitVectorOf), reply.Vectors);
        var rejected = Assert.IsType<EmbedRejected>(await router.EmbedAsync("short", new string('x', 3_000_000)));
        Assert.Equal((RejectionReason.InvalidRequest, 1), (rejected.Reason, rejected.TextIndex));
    }

    [Fact]
    public async Task Token_ids_refusals_and_tokenizing_are_across_nodes_as_in_one_process()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);
        var tooLong = new string('x', ScriptedModel.Info.MaxTokens);

        var tokenized = Assert.IsType<TextsTokenized>(await router.AskAsync(new TokenizeTexts(["ab"])));
        var decoded = Assert.IsType<TokensDecoded>(await router.AskAsync(new DecodeTokens([['a', 'b']])));
        var embedded = Assert.IsType<TextsEmbedded>(await router.AskAsync(new EmbedTexts([EmbeddingInput.FromTokenIds(tokenized.Texts[0].Ids)])));
        var refused = Assert.IsType<EmbedRejected>(await router.AskAsync(new EmbedTexts(["ab", tooLong]) { Truncate = false }));

        // Those of one long text would not fit into a frame.
        Assert.Equal(RejectionReason.WrongKind, Assert.IsType<EmbedRejected>(await router.AskAsync(new EmbedTokens(["ab"]))).Reason);
        Assert.Equal(["ab"], decoded.Texts);
        Assert.Equal(["<s>", "a", "b", "</s>"], tokenized.Texts[0].Ids.Select(id => tokenized.Pieces[id].Text));
        Assert.Equal(ScriptedModel.UnitVectorOf("ab"), Assert.Single(embedded.Vectors));
        Assert.Equal((RejectionReason.TextTooLong, 1), (refused.Reason, refused.TextIndex));
    }

    [Fact]
    public async Task Texts_are_ranked_across_nodes_as_in_one_process()
    {
        var model = new ScriptedModel { Described = ScriptedModel.RerankerInfo };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);

        var ranked = Assert.IsType<TextsRanked>(await router.AskAsync(new RankTexts("red car", ["red", "a red car"])));
        var refused = Assert.IsType<EmbedRejected>(await router.AskAsync(new EmbedTexts(["red"])));

        Assert.Equal([1f, 2f], ranked.Logits);
        Assert.Equal((ModelKind.Reranker, ScoreActivation.Sigmoid), (ranked.Model.Kind, ranked.Model.ScoreActivation));
        Assert.Equal(RejectionReason.WrongKind, refused.Reason);
    }

    [Fact]
    public async Task The_worker_puts_the_prompt_before_the_text_and_the_router_refuses_one_that_the_worker_does_not_have()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        var early = router.AskAsync(new EmbedTexts(["early"]) { Prompt = PromptChoice.Named("quary") });
        await router.AwaitStatusAsync(status => Assert.Equal(1, status.QueuedRequests));
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);

        var query = Assert.IsType<TextsEmbedded>(await router.AskAsync(new EmbedTexts(["a"]) { Prompt = PromptChoice.Query }));
        var tokenized = Assert.IsType<TextsTokenized>(await router.AskAsync(new TokenizeTexts(["ab"]) { Prompt = PromptChoice.Document }));
        var refused = Assert.IsType<EmbedRejected>(await router.AskAsync(new TokenizeTexts(["ab"]) { Prompt = PromptChoice.Named("quary") }));

        Assert.Equal(ScriptedModel.UnitVectorOf("query: a"), Assert.Single(query.Vectors));
        Assert.Equal(ScriptedModel.Info.Prompts, query.Model.Prompts);
        Assert.Equal("passage: ab".Length + 2, Assert.Single(tokenized.Texts).Ids.Length);
        Assert.Equal([RejectionReason.UnknownPrompt, RejectionReason.UnknownPrompt], [refused.Reason, Assert.IsType<EmbedRejected>(await early).Reason]);
        Assert.Equal([["query: a"]], model.Batches);
    }

    [Fact]
    public async Task Requests_that_come_before_the_first_node_wait_for_it_within_the_bounds_of_the_queue()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync(scheduling: new SchedulingOptions { MaxQueuedTexts = 2 });

        var embedding = router.AskAsync(new EmbedTexts(["early"]) { Dimensions = 2 });
        var tokenizing = router.AskAsync(new TokenizeTexts(["ab"]));
        await router.AwaitStatusAsync(status => Assert.Equal(2, status.QueuedRequests));
        var tooMany = Assert.IsType<EmbedRejected>(await router.AskAsync(new TokenizeTexts(["cd"])));
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);

        Assert.Equal(RejectionReason.Overloaded, tooMany.Reason);
        Assert.Equal(2, Assert.IsType<TextsEmbedded>(await embedding).Vectors[0].Length);
        Assert.Equal([[0, 'a', 'b', 1]], Assert.IsType<TextsTokenized>(await tokenizing).Texts.Select(text => text.Ids));
        await router.AwaitStatusAsync(status => Assert.Equal((0, 0, 0L), (status.QueuedRequests, status.QueuedTexts, status.QueuedBytes)));
    }

    [Fact]
    public async Task A_router_with_a_worker_of_its_own_takes_those_of_other_nodes_and_knows_its_own_best()
    {
        // As of a real model: how it is run is known only on its node.
        var model = new ScriptedModel { Described = ScriptedModel.Info with { Source = "compiled from model.safetensors" } };
        await using var router = await ClusterNode.StartAllAsync(model.Load);
        await router.AwaitWorkersAsync(1);
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);

        await router.AwaitWorkersAsync(2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => router.EmbedAsync($"text {i}")));
        Assert.All(answers, answer => Assert.IsType<TextsEmbedded>(answer));
        Assert.Equal("compiled from model.safetensors", (await router.StatusAsync()).Model!.Source);
    }

    [Fact]
    public async Task A_node_with_another_model_is_refused_and_says_why_and_the_others_go_on()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);

        await using var other = await ClusterNode.StartWorkerAsync(router, new FakeEmbeddingModel(dimensions: ScriptedModel.Dimensions).Open);
        await router.AwaitStatusAsync(status =>
        {
            var refused = Assert.Single(status.Workers, w => w.State == WorkerState.Refused);
            Assert.Contains("actorembed/fake", refused.Reason, StringComparison.Ordinal);
            Assert.Contains("tests/scripted", refused.Reason, StringComparison.Ordinal);
        });

        for (var i = 0; i < 10; i++)
            Assert.Equal(ScriptedModel.UnitVectorOf($"{i}"), Assert.Single(Assert.IsType<TextsEmbedded>(await router.EmbedAsync($"{i}")).Vectors));
    }

    [Theory]
    [InlineData("org/right")]
    [InlineData("right")]
    [InlineData("AB12CD34EF56")]
    public async Task A_router_that_expects_a_model_refuses_another_one_also_when_it_is_the_first(string expected)
    {
        var right = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync(new ClusterOptions { ExpectedModel = expected });
        await using var wrong = await ClusterNode.StartWorkerAsync(router, new FakeEmbeddingModel(dimensions: ScriptedModel.Dimensions).Open);
        await router.AwaitStatusAsync(status => Assert.Equal(WorkerState.Refused, Assert.Single(status.Workers).State));

        Assert.Contains("actorembed/fake", (await router.StatusAsync()).Reason, StringComparison.Ordinal);
        await using var worker = await ClusterNode.StartWorkerAsync(
            router, () => new RenamedModel(right.Load(), new("org/right", ScriptedModel.Dimensions, 128, "cpu") { Fingerprint = "ab12cd34ef5678" }));
        await router.AwaitWorkersAsync(1);

        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text")).Vectors));
    }

    [Fact]
    public async Task A_model_that_has_answered_nothing_and_is_gone_binds_nobody()
    {
        var right = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        var wrong = await ClusterNode.StartWorkerAsync(router, new FakeEmbeddingModel().Open);
        await router.AwaitWorkersAsync(1);
        await using var worker = await ClusterNode.StartWorkerAsync(router, right.Load);
        await router.AwaitStatusAsync(status => Assert.Contains(status.Workers, w => w.State == WorkerState.Refused));

        await wrong.DisposeAsync();
        await router.AwaitWorkersAsync(1);

        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text")).Vectors));
    }

    [Fact]
    public async Task A_node_that_says_strange_things_of_its_model_is_refused_and_breaks_nothing()
    {
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);

        await using var strange = await ClusterNode.StartWorkerAsync(
            router, () => new RenamedModel(model.Load(), new("", ScriptedModel.Dimensions, 0, "") { Fingerprint = "ab" }));
        await router.AwaitStatusAsync(status => Assert.Contains(status.Workers, w => w.State == WorkerState.Refused));

        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text"));
    }

    [Fact]
    public async Task Only_a_text_that_takes_down_worker_after_worker_is_rejected()
    {
        using var gate = new ManualResetEventSlim();
        // What a frozen node looks like from outside: the batch does not come back.
        var model = new ScriptedModel { OnBatch = texts => _ = texts.Contains("deadly") && gate.Wait(ScriptedModel.GateTimeout) };
        var options = new ClusterOptions { MaxLosses = 2 };
        // Far longer than a batch of the scripted model takes on a loaded machine: only the deadly text is late.
        await using var router = await ClusterNode.StartRouterAsync(options, new SchedulingOptions { BatchTimeout = TimeSpan.FromSeconds(4) });
        await using var first = await ClusterNode.StartWorkerAsync(router, model.Load);
        await using var second = await ClusterNode.StartWorkerAsync(router, model.Load);
        await using var third = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(3);

        var reply = Assert.IsType<EmbedRejected>(await router.EmbedAsync("innocent", "deadly", "harmless"));
        var innocent = await router.EmbedAsync("innocent", "harmless");
        gate.Set();

        Assert.Equal((RejectionReason.TextFailed, 1), (reply.Reason, reply.TextIndex));
        Assert.IsType<TextsEmbedded>(innocent);
        Assert.Equal(2, (await router.StatusAsync()).Counters.LostBatches);
        // Nobody is stuck: who comes back is asked again.
        await router.AwaitWorkersAsync(3);
    }

    [Fact]
    public async Task A_node_that_is_killed_in_the_middle_of_a_batch_loses_nothing()
    {
        using var gate = new ManualResetEventSlim();
        var stuck = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        var healthy = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync();
        var killed = await ClusterNode.StartWorkerAsync(router, stuck.Load);
        await router.AwaitWorkersAsync(1);

        var reply = router.EmbedAsync("text");
        await router.Kit.AwaitAssertAsync(() => Assert.Single(stuck.Batches));
        await using var survivor = await ClusterNode.StartWorkerAsync(router, healthy.Load);
        await router.AwaitWorkersAsync(1);
        var end = killed.DisposeAsync();
        gate.Set();
        await end;

        Assert.Equal(ScriptedModel.UnitVectorOf("text"), Assert.Single(Assert.IsType<TextsEmbedded>(await reply).Vectors));
    }

    [Fact]
    public async Task A_node_that_is_stopped_in_order_finishes_its_batch_first()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var router = await ClusterNode.StartRouterAsync();
        await using var worker = await ClusterNode.StartWorkerAsync(router, model.Load);
        await router.AwaitWorkersAsync(1);

        var reply = router.EmbedAsync("text");
        await router.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        var stopping = worker.StopAsync();
        await router.AwaitStatusAsync(status => Assert.Equal(WorkerState.Leaving, Assert.Single(status.Workers).State));
        gate.Set();

        Assert.IsType<TextsEmbedded>(await reply);
        await stopping;
        Assert.Equal(0, (await router.StatusAsync()).Counters.LostBatches);
        await router.AwaitStatusAsync(status => Assert.Equal((ServiceState.Loading, "No inference node is ready."), (status.State, status.Reason)));
    }

    [Fact]
    public async Task Two_routers_share_one_worker_and_each_is_served()
    {
        var model = new ScriptedModel();
        await using var one = await ClusterNode.StartRouterAsync();
        await using var two = await ClusterNode.StartRouterAsync(new ClusterOptions { SeedNodes = [one.Address] });
        await using var worker = await ClusterNode.StartWorkerAsync(one, model.Load);
        await one.AwaitWorkersAsync(1);
        await two.AwaitWorkersAsync(1);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : two).EmbedAsync($"text {i}")));

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => ScriptedModel.UnitVectorOf($"text {i}")),
            replies.Select(reply => Assert.Single(Assert.IsType<TextsEmbedded>(reply).Vectors)));
        Assert.Equal(1, model.MaxConcurrency);
    }

    [Fact]
    public async Task Three_routers_share_two_workers_and_when_one_is_gone_the_others_go_on()
    {
        var models = new[] { new ScriptedModel(), new ScriptedModel() };
        await using var one = await ClusterNode.StartRouterAsync();
        await using var two = await ClusterNode.StartRouterAsync(new ClusterOptions { SeedNodes = [one.Address] });
        var three = await ClusterNode.StartRouterAsync(new ClusterOptions { SeedNodes = [one.Address] });
        await using var first = await ClusterNode.StartWorkerAsync(one, models[0].Load);
        await using var second = await ClusterNode.StartWorkerAsync(one, models[1].Load);
        foreach (var router in new[] { one, two, three })
            await router.AwaitWorkersAsync(2);

        await AssertEachAnswersAsync([one, two, three]);
        await three.DisposeAsync();
        await AssertEachAnswersAsync([one, two]);

        Assert.All(models, model => Assert.Equal(1, model.MaxConcurrency));
        Assert.Equal(0, (await one.StatusAsync()).Counters.LostBatches);
    }

    [Fact]
    public async Task Who_knows_the_secret_takes_part_and_who_does_not_is_kept_out()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        var model = new ScriptedModel();
        await using var router = await ClusterNode.StartRouterAsync(new ClusterOptions { Secret = secret });

        await using var stranger = await ClusterNode.StartWorkerAsync(router, new FakeEmbeddingModel().Open, new ClusterOptions { Secret = new string('x', 32) });
        await using var open = await ClusterNode.StartWorkerAsync(router, new FakeEmbeddingModel().Open);
        await using var friend = await ClusterNode.StartWorkerAsync(router, model.Load, new ClusterOptions { Secret = secret });
        await router.AwaitWorkersAsync(1);

        Assert.IsType<TextsEmbedded>(await router.EmbedAsync("text"));
        Assert.Equal(friend.Address, Assert.Single((await router.StatusAsync()).Workers).Node);
        Assert.Equal(2, Akka.Cluster.Cluster.Get(router.System).State.Members.Count);
    }

    private static async Task AssertEachAnswersAsync(ClusterNode[] routers)
    {
        var texts = Enumerable.Range(0, 60).Select(i => $"text {i}").ToArray();
        var replies = await Task.WhenAll(texts.Select((text, i) => routers[i % routers.Length].EmbedAsync(text)));
        Assert.Equal(
            texts.Select(ScriptedModel.UnitVectorOf), replies.Select(reply => Assert.Single(Assert.IsType<TextsEmbedded>(reply).Vectors)));
    }

    private static void Meet(IReadOnlyList<string> texts, Barrier barrier)
    {
        if (!texts.All(text => text.StartsWith("meet", StringComparison.Ordinal)) || !barrier.SignalAndWait(ScriptedModel.GateTimeout))
            throw new InferenceException("The other node had nothing to do.");
    }
}
