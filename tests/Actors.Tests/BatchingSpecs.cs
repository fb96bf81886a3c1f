using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Actors.Tests;

public sealed class BatchingSpecs
{
    [Fact]
    public async Task A_request_of_70_texts_becomes_batches_of_32_and_32_and_6_in_order()
    {
        await using var service = await ServiceFixture.StartAsync();
        var texts = Enumerable.Range(0, 70).Select(i => $"text {i}").ToArray();

        var reply = Assert.IsType<TextsEmbedded>(await service.EmbedAsync(texts));

        Assert.Equal([32, 32, 6], service.Model.Batches.Select(b => b.Count));
        Assert.Equal(texts, service.Model.Batches.SelectMany(b => b));
        Assert.Equal(texts.Select(ScriptedModel.UnitVectorOf), reply.Vectors);
    }

    [Fact]
    public async Task A_hundred_concurrent_single_texts_are_batched_and_never_run_two_at_a_time()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var replies = Enumerable.Range(0, 100).Select(i => service.EmbedAsync($"text {i}")).ToArray();
        // The first text went to the idle worker at once; the others wait and fill batches.
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(99, (await service.StatusAsync()).QueuedTexts));
        gate.Set();

        var vectors = (await Task.WhenAll(replies)).Select(r => Assert.Single(Assert.IsType<TextsEmbedded>(r).Vectors));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => ScriptedModel.UnitVectorOf($"text {i}")), vectors);
        Assert.Equal([1, 32, 32, 32, 3], model.Batches.Select(b => b.Count));
        Assert.Equal(1, model.MaxConcurrency);
    }

    [Fact]
    public async Task An_empty_list_is_answered_with_an_empty_list()
    {
        await using var service = await ServiceFixture.StartAsync();

        Assert.Empty(Assert.IsType<TextsEmbedded>(await service.EmbedAsync()).Vectors);
    }

    [Fact]
    public async Task A_null_text_is_rejected_with_its_index()
    {
        await using var service = await ServiceFixture.StartAsync();

        var rejected = Assert.IsType<EmbedRejected>(await service.EmbedAsync("good", null!));

        Assert.Equal((RejectionReason.InvalidRequest, 1), (rejected.Reason, rejected.TextIndex));
    }

    [Fact]
    public async Task The_same_text_twice_in_one_batch_is_computed_once_and_answered_twice()
    {
        await using var service = await ServiceFixture.StartAsync();

        var reply = Assert.IsType<TextsEmbedded>(await service.EmbedAsync("same", "other", "same"));

        Assert.Equal(["same", "other"], Assert.Single(service.Model.Batches));
        Assert.Equal(new[] { "same", "other", "same" }.Select(ScriptedModel.UnitVectorOf), reply.Vectors);
    }

    [Fact]
    public async Task Vectors_are_normalised_only_where_the_request_asks_for_it()
    {
        await using var service = await ServiceFixture.StartAsync();

        var plain = service.Ask(new EmbedTexts(["text"]) { Normalize = false });
        var unit = service.Ask(new EmbedTexts(["text"]) { Normalize = true });

        Assert.Equal(ScriptedModel.VectorOf("text"), (await plain.ExpectMsgAsync<TextsEmbedded>()).Vectors[0]);
        Assert.Equal(ScriptedModel.UnitVectorOf("text"), (await unit.ExpectMsgAsync<TextsEmbedded>()).Vectors[0]);
    }

    [Fact]
    public async Task A_batch_is_cut_before_it_exceeds_its_tokens()
    {
        await using var service = await ServiceFixture.StartAsync(options: new SchedulingOptions { MaxTokensPerBatch = 60 });
        // About 27 tokens each: two fit into 60, three do not.
        var texts = Enumerable.Range(0, 5).Select(i => $"{i}{new string('x', 99)}").ToArray();

        await service.EmbedAsync(texts);

        Assert.Equal([2, 2, 1], service.Model.Batches.Select(b => b.Count));
    }

    [Theory]
    [InlineData("cpu", new[] { 32, 32, 32, 32, 32, 32, 32, 32, 32, 12 })]
    [InlineData("mps", new[] { 32, 32, 32, 32, 32, 32, 32, 32, 32, 12 })]
    [InlineData("cuda", new[] { 256, 44 })]
    public async Task A_batch_is_as_large_as_suits_the_device_that_the_model_runs_on(string device, int[] expected)
    {
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel { Described = ScriptedModel.Info with { Device = device } });

        await service.EmbedAsync([.. Enumerable.Range(0, 300).Select(i => $"{i}")]);

        Assert.Equal(expected, service.Model.Batches.Select(batch => batch.Count));
    }

    [Fact]
    public async Task A_setting_holds_on_every_device()
    {
        await using var service = await ServiceFixture.StartAsync(
            new ScriptedModel { Described = ScriptedModel.Info with { Device = "cuda" } }, new SchedulingOptions { MaxTextsPerBatch = 10 });

        await service.EmbedAsync([.. Enumerable.Range(0, 25).Select(i => $"{i}")]);

        Assert.Equal([10, 10, 5], service.Model.Batches.Select(batch => batch.Count));
    }

    [Fact]
    public async Task On_an_accelerator_too_only_the_culprits_of_a_large_batch_fail()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel
        {
            Described = ScriptedModel.Info with { Device = "cuda" },
            OnBatch = texts =>
            {
                gate.Wait(ScriptedModel.GateTimeout);
                if (texts.Contains("poison"))
                    throw new InferenceException("It cannot be computed.");
            },
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        service.Ask("keeps the worker busy");
        var bulk = service.Ask(new EmbedTexts([.. Enumerable.Range(0, 200).Select(i => $"{i}")]));
        var poisoned = service.Ask("poison");
        await service.StatusAsync();
        gate.Set();
        await service.PassTimeUntilAsync(
            async () => (await service.StatusAsync()).Counters is { Answered: 2, Rejected: 1 }, TimeSpan.FromMilliseconds(200));

        Assert.Equal(200, (await bulk.ExpectMsgAsync<TextsEmbedded>()).Vectors.Count);
        Assert.Equal(0, (await poisoned.ExpectMsgAsync<EmbedRejected>()).TextIndex);
    }

    [Fact]
    public async Task A_text_over_the_token_budget_runs_alone()
    {
        await using var service = await ServiceFixture.StartAsync(options: new SchedulingOptions { MaxTokensPerBatch = 1 });

        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("one", "two"));

        Assert.Equal([1, 1], service.Model.Batches.Select(b => b.Count));
    }

    [Fact]
    public async Task A_single_text_beside_a_bulk_request_is_in_the_next_batch()
    {
        using var step = new SemaphoreSlim(0);
        var model = new ScriptedModel { OnBatch = _ => step.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var bulk = service.Ask(Enumerable.Range(0, 1000).Select(i => $"bulk {i}").ToArray());
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        var single = service.Ask("single");
        await service.StatusAsync();
        step.Release(2);

        await single.ExpectMsgAsync<TextsEmbedded>();
        Assert.Contains("single", model.Batches.ElementAt(1));
        step.Release(1000);
        Assert.Equal(1000, (await bulk.ExpectMsgAsync<TextsEmbedded>()).Vectors.Count);
    }
}
