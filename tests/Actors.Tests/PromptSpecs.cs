using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

public sealed class PromptSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_prompt_of_a_request_goes_before_each_of_its_texts()
    {
        await using var service = await ServiceFixture.StartAsync();

        var named = await AskAsync(service, new EmbedTexts(["a", "b"]) { Prompt = PromptChoice.Named("passage") });
        var query = await AskAsync(service, new EmbedTexts(["a"]) { Prompt = PromptChoice.Query });
        var bare = await AskAsync(service, new EmbedTexts(["a"]));

        Assert.Equal([["passage: a", "passage: b"], ["query: a"], ["a"]], service.Model.Batches);
        Assert.Equal(ScriptedModel.UnitVectorOf("passage: b"), Assert.IsType<TextsEmbedded>(named).Vectors[1]);
        Assert.All([query, bare], reply => Assert.IsType<TextsEmbedded>(reply));
    }

    [Fact]
    public async Task Equal_texts_with_different_prompts_are_different_texts_of_a_batch()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        var busy = service.EmbedAsync("busy");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        PromptChoice?[] choices = [null, PromptChoice.Named("query"), PromptChoice.Named("passage"), PromptChoice.Named("query")];
        var replies = choices.Select(choice => AskAsync(service, new EmbedTexts(["same"]) { Prompt = choice })).ToArray();
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(4, (await service.StatusAsync()).QueuedTexts));
        gate.Set();

        var vectors = (await Task.WhenAll(replies)).Select(reply => Assert.Single(Assert.IsType<TextsEmbedded>(reply).Vectors));
        Assert.Equal(new[] { "same", "query: same", "passage: same", "query: same" }.Select(ScriptedModel.UnitVectorOf), vectors);
        Assert.Equal(["passage: same", "query: same", "same"], model.Batches.Last().Order(StringComparer.Ordinal));
        await busy;
    }

    [Fact]
    public async Task A_name_that_the_model_does_not_have_is_rejected_before_inference_whether_the_model_is_there_or_not()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);

        var early = AskAsync(service, new EmbedTexts(["a"]) { Prompt = PromptChoice.Named("quary") });
        var earlyTokens = AskAsync(service, new TokenizeTexts(["a"]) { Prompt = PromptChoice.Named("quary") });
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(2, (await service.StatusAsync()).QueuedRequests));
        gate.Set();
        await service.LeaveAsync(ServiceState.Loading);
        var late = AskAsync(service, new EmbedTexts(["a"]) { Prompt = PromptChoice.Named("quary") });
        var lateTokens = AskAsync(service, new TokenizeTexts(["a"]) { Prompt = PromptChoice.Named("quary") });

        foreach (var reply in await Task.WhenAll(early, earlyTokens, late, lateTokens))
        {
            var rejected = Assert.IsType<EmbedRejected>(reply);
            Assert.Equal((RejectionReason.UnknownPrompt, "There is no prompt 'quary' here: this model has \"query\", \"passage\"."), (rejected.Reason, rejected.Message));
        }

        Assert.Empty(model.Batches);
    }

    [Fact]
    public async Task Token_ids_take_no_prompt()
    {
        await using var service = await ServiceFixture.StartAsync();
        EmbeddingInput[] texts = ["good", EmbeddingInput.FromTokenIds([5])];

        var rejected = Assert.IsType<EmbedRejected>(await AskAsync(service, new EmbedTexts(texts) { Prompt = PromptChoice.Query }));

        Assert.Equal((RejectionReason.InvalidRequest, 1), (rejected.Reason, rejected.TextIndex));
    }

    [Fact]
    public async Task A_text_that_is_too_long_only_with_its_prompt_is_cut_and_says_so()
    {
        await using var service = await ServiceFixture.StartAsync();
        var fits = new string('x', ScriptedModel.Info.MaxTokens - 2);

        var cut = Assert.IsType<TextsEmbedded>(await AskAsync(service, new EmbedTexts(["a", fits]) { Prompt = PromptChoice.Query }));
        var kept = Assert.IsType<EmbedRejected>(await AskAsync(service, new EmbedTexts(["a", fits]) { Prompt = PromptChoice.Query, Truncate = false }));

        Assert.Equal([1], cut.TruncatedTexts);
        Assert.Equal((RejectionReason.TextTooLong, 1), (kept.Reason, kept.TextIndex));
    }

    [Fact]
    public async Task Tokens_are_those_of_prompt_and_text_and_count_from_the_prompt()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);

        var tokenized = Assert.IsType<TextsTokenized>(await AskAsync(service, new TokenizeTexts(["ab"]) { Prompt = PromptChoice.Query }));

        Assert.Equal("query: ", tokenized.Prompt);
        Assert.Equal([0, .. "query: ab".Select(c => (int)c), 1], Assert.Single(tokenized.Texts).Ids);
    }

    private static Task<EmbedReply> AskAsync(ServiceFixture service, object command) => service.Router.Ask<EmbedReply>(command, Patience);
}
