using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

/// <summary>The vectors of all tokens: the same queue, batches and failures as those of texts, and memory that is counted.</summary>
public sealed class TokenVectorSpecs
{
    private const int BytesPerToken = ScriptedModel.Dimensions * sizeof(float);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Every_token_has_a_vector_those_around_the_text_and_of_a_prompt_included()
    {
        await using var service = await ServiceFixture.StartAsync();

        var plain = await EmbedAsync(service, new EmbedTokens(["ab", "", "ab"]));
        var prompted = await EmbedAsync(service, new EmbedTokens(["ab"]) { Prompt = PromptChoice.Query });
        var ids = await EmbedAsync(service, new EmbedTokens([EmbeddingInput.FromTokenIds(['a', 'b'])]));

        Assert.Equal([4, 2, 4], plain.TokenCounts);
        Assert.Equal(ScriptedModel.TokenVectorsOf("ab"), plain.Vectors[0]);
        Assert.Equal(ScriptedModel.TokenVectorsOf("ab").Skip(2 * ScriptedModel.Dimensions).Take(ScriptedModel.Dimensions), plain.VectorOf(text: 2, token: 2).ToArray());
        Assert.Equal(ScriptedModel.TokenVectorsOf("query: ab"), prompted.Vectors[0]);
        Assert.Equal(plain.Vectors[0], ids.Vectors[0]);
        Assert.Equal((ScriptedModel.Info, 10), (plain.Model, plain.TotalTokens));
    }

    [Fact]
    public async Task They_share_a_batch_with_vectors_of_the_same_texts_and_are_not_taken_for_them()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);
        var busy = service.Ask("busy");
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));

        var vector = service.Ask("ab");
        var tokens = service.Ask(new EmbedTokens(["ab", "ab"]));
        await service.Kit.AwaitAssertAsync(async () => Assert.Equal(3, (await service.StatusAsync()).QueuedTexts));
        gate.Set();

        Assert.Equal(ScriptedModel.UnitVectorOf("ab"), (await vector.ExpectMsgAsync<TextsEmbedded>()).Vectors[0]);
        Assert.Equal(ScriptedModel.TokenVectorsOf("ab"), (await tokens.ExpectMsgAsync<TokensEmbedded>()).Vectors[1]);
        Assert.Equal(["ab", "ab"], model.Batches.Last());
        await busy.ExpectMsgAsync<TextsEmbedded>();
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_for_vectors_is_wrong_with_this()
    {
        await using var service = await ServiceFixture.StartAsync();

        EmbedTokens[] commands =
        [
            new EmbedTokens(["ab", null!]), new EmbedTokens(["ab"]) { Model = "other" }, new EmbedTokens(["ab"]) { Prompt = PromptChoice.Named("other") },
            new EmbedTokens([EmbeddingInput.FromTokenIds([-1])]), new EmbedTokens(["ab", new string('x', 200)]) { Truncate = false },
            new EmbedTokens(["ab"]) { Timeout = TimeSpan.Zero }, new EmbedTokens(["ab"]) { Cancellation = new CancellationToken(canceled: true) },
        ];
        var rejections = new List<EmbedRejected>();
        foreach (var command in commands)
            rejections.Add(await service.Ask(command).ExpectMsgAsync<EmbedRejected>());

        Assert.Equal(
            [
                RejectionReason.InvalidRequest, RejectionReason.WrongModel, RejectionReason.UnknownPrompt, RejectionReason.InvalidRequest,
                RejectionReason.TextTooLong, RejectionReason.DeadlineExceeded, RejectionReason.Cancelled,
            ],
            rejections.Select(rejected => rejected.Reason));
        Assert.Equal((1, 1), (rejections[0].TextIndex, rejections[4].TextIndex));
    }

    [Fact]
    public async Task A_model_without_them_rejects_it_by_name_also_when_it_comes_later()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { Described = ScriptedModel.Info with { TokenDimensions = null }, OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);
        await using var reranker = await ServiceFixture.StartAsync(new ScriptedModel { Described = ScriptedModel.RerankerInfo });

        var early = service.Ask(new EmbedTokens(["ab"]));
        Assert.Equal(1, (await service.QueueAsync()).Requests);
        gate.Set();
        var late = (await early.ExpectMsgAsync<EmbedRejected>(), await service.Ask(new EmbedTokens(["ab"])).ExpectMsgAsync<EmbedRejected>());
        var scores = await reranker.Ask(new EmbedTokens(["ab"])).ExpectMsgAsync<EmbedRejected>();

        Assert.All([late.Item1, late.Item2, scores], rejected => Assert.Equal(RejectionReason.WrongKind, rejected.Reason));
        Assert.Equal("tests/scripted gives no vectors of tokens.", late.Item2.Message);
        Assert.Contains("is a reranker", scores.Message, StringComparison.Ordinal);
        Assert.Empty(model.Batches);
    }

    [Fact]
    public async Task Their_memory_counts_against_the_bounds_from_receipt_to_answer()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        // 100 letters, those around them and room for a prompt of three bytes: 106 tokens at the most.
        var ofOne = (106 * BytesPerToken) + 200;
        await using var service = await ServiceFixture.StartAsync(model, new SchedulingOptions { MaxQueuedBytes = 2 * ofOne });
        await service.LeaveAsync(ServiceState.Loading);
        var text = new string('x', 100);

        var one = service.Ask(new EmbedTokens([text]));
        await service.Kit.AwaitAssertAsync(() => Assert.Single(model.Batches));
        Assert.Equal(ofOne, (await service.QueueAsync()).Bytes);
        var other = service.Ask(new EmbedTokens([text]));
        var full = await service.Ask(new EmbedTokens([text])).ExpectMsgAsync<EmbedRejected>();
        var never = await service.Ask(new EmbedTokens([text, text, text])).ExpectMsgAsync<EmbedRejected>();
        gate.Set();

        Assert.Equal((RejectionReason.Overloaded, RejectionReason.InvalidRequest), (full.Reason, never.Reason));
        Assert.Equal(102, (await one.ExpectMsgAsync<TokensEmbedded>()).TokenCounts[0]);
        Assert.Equal(102 * ScriptedModel.Dimensions, (await other.ExpectMsgAsync<TokensEmbedded>()).Vectors[0].Length);
        Assert.Equal(0, (await service.QueueAsync()).Bytes);
    }

    [Fact]
    public async Task What_waits_for_a_model_that_turns_out_to_need_more_memory_is_rejected_with_a_request_to_try_again()
    {
        using var gate = new ManualResetEventSlim();
        var large = ScriptedModel.Info with { TokenDimensions = 4096 };
        var model = new ScriptedModel { Described = large, OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var service = await ServiceFixture.StartAsync(model);

        var early = service.Ask(new EmbedTokens(["ab"]));
        Assert.Equal(1, (await service.QueueAsync()).Requests);
        gate.Set();

        var rejected = await early.ExpectMsgAsync<EmbedRejected>();
        Assert.Equal(RejectionReason.Overloaded, rejected.Reason);
        Assert.NotNull(rejected.RetryAfter);
        Assert.Empty(model.Batches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_the_text_whose_vectors_are_not_finite_or_too_few_is_rejected(bool isTooFew)
    {
        var model = new ScriptedModel
        {
            OnResult = (texts, results) => [.. results.Zip(texts, (result, text) => text != "bad" ? result : result with
            {
                Vector = isTooFew ? result.Vector[1..] : [float.NaN, .. result.Vector[1..]],
            })],
        };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        var culprit = service.Ask(new EmbedTokens(["good", "bad"]));
        var innocent = service.Ask(new EmbedTokens(["good"]));
        await service.PassTimeUntilAsync(() => Task.FromResult(culprit.HasMessages && innocent.HasMessages), TimeSpan.FromMilliseconds(200));

        var rejected = await culprit.ExpectMsgAsync<EmbedRejected>();
        Assert.Equal((RejectionReason.TextFailed, 1), (rejected.Reason, rejected.TextIndex));
        Assert.Equal(ScriptedModel.TokenVectorsOf("good"), (await innocent.ExpectMsgAsync<TokensEmbedded>()).Vectors[0]);
    }

    [Fact]
    public async Task A_text_without_tokens_has_none()
    {
        var model = new ScriptedModel { OnResult = (texts, results) => [.. results.Zip(texts, (result, text) => text == "" ? new TextEmbedding([], 0, false) : result)] };
        await using var service = await ServiceFixture.StartAsync(model);

        var embedded = await EmbedAsync(service, new EmbedTokens(["", "ab"]));

        Assert.Equal([0, 4], embedded.TokenCounts);
        Assert.Empty(embedded.Vectors[0]);
    }

    [Fact]
    public async Task Without_texts_there_are_none()
    {
        await using var service = await ServiceFixture.StartAsync();

        Assert.Empty((await EmbedAsync(service, new EmbedTokens((IReadOnlyList<string>)[]))).Vectors);
    }

    private static async Task<TokensEmbedded> EmbedAsync(ServiceFixture service, EmbedTokens command) =>
        Assert.IsType<TokensEmbedded>(await service.Router.Ask<EmbedReply>(command, Patience));
}
