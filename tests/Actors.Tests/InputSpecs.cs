using ActorEmbed.Actors.Messages;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

public sealed class InputSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Token_ids_and_texts_are_embedded_side_by_side()
    {
        await using var service = await ServiceFixture.StartAsync();
        EmbeddingInput[] texts = ["text1", EmbeddingInput.FromTokenIds([.. "text2"])];

        var reply = Assert.IsType<TextsEmbedded>(await service.Router.Ask<EmbedReply>(new EmbedTexts(texts), Patience));

        Assert.Equal([ScriptedModel.UnitVectorOf("text1"), ScriptedModel.UnitVectorOf("text2")], reply.Vectors);
    }

    [Fact]
    public async Task Equal_token_ids_in_one_batch_are_computed_once()
    {
        await using var service = await ServiceFixture.StartAsync();
        EmbeddingInput[] texts = [EmbeddingInput.FromTokenIds([.. "text"]), EmbeddingInput.FromTokenIds([.. "text"]), EmbeddingInput.FromTokenIds([.. "texts"])];

        var reply = Assert.IsType<TextsEmbedded>(await service.Router.Ask<EmbedReply>(new EmbedTexts(texts), Patience));

        Assert.Equal(["text", "texts"], Assert.Single(service.Model.Batches));
        Assert.Equal(reply.Vectors[0], reply.Vectors[1]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0x10000)]
    public async Task A_token_id_that_the_vocabulary_has_not_is_rejected_before_inference(int id)
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);
        EmbeddingInput[] texts = ["good", EmbeddingInput.FromTokenIds([5, id])];

        var rejected = Assert.IsType<EmbedRejected>(await service.Router.Ask<EmbedReply>(new EmbedTexts(texts), Patience));

        Assert.Equal((RejectionReason.InvalidRequest, 1), (rejected.Reason, rejected.TextIndex));
        Assert.Empty(service.Model.Batches);
    }

    [Fact]
    public async Task A_text_that_may_not_be_cut_is_rejected_with_its_index_and_others_are_served()
    {
        await using var service = await ServiceFixture.StartAsync();
        var tooLong = new string('x', ScriptedModel.Info.MaxTokens);

        var strict = service.Router.Ask<EmbedReply>(new EmbedTexts(["good", tooLong]) { Truncate = false }, Patience);
        var lenient = service.EmbedAsync("good", tooLong);

        var rejected = Assert.IsType<EmbedRejected>(await strict);
        Assert.Equal((RejectionReason.TextTooLong, 1), (rejected.Reason, rejected.TextIndex));
        Assert.Equal([1], Assert.IsType<TextsEmbedded>(await lenient).TruncatedTexts);
        Assert.Equal(0, (await service.StatusAsync()).Counters.Restarts);
    }

    [Fact]
    public async Task Tokens_come_with_their_pieces()
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);

        var reply = Assert.IsType<TextsTokenized>(await service.Router.Ask<EmbedReply>(new TokenizeTexts(["ab", ""]), Patience));

        Assert.Equal([[0, 'a', 'b', 1], [0, 1]], reply.Texts.Select(text => text.Ids));
        Assert.Equal(new TokenPiece("a", IsSpecial: false), reply.Pieces['a']);
        Assert.True(reply.Pieces[0].IsSpecial);
    }

    [Fact]
    public async Task Tokenizing_waits_for_the_model()
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var tokenizing = service.Router.Ask<EmbedReply>(new TokenizeTexts(["a"]), Patience);
        Assert.Equal((ServiceState.Loading, 1, 1, 2L), await service.QueueAsync());
        gate.Set();

        var reply = Assert.IsType<TextsTokenized>(await tokenizing);
        Assert.Equal([[0, 'a', 1]], reply.Texts.Select(text => text.Ids));
        Assert.Equal(ScriptedModel.Info, reply.Model);
        Assert.Equal((ServiceState.Ready, 0, 0, 0L), await service.QueueAsync());
    }

    [Fact]
    public async Task A_null_in_texts_to_be_tokenized_is_rejected_and_nobody_else_notices()
    {
        await using var service = await ServiceFixture.StartAsync();

        var list = Assert.IsType<EmbedRejected>(await service.Router.Ask<EmbedReply>(new TokenizeTexts(null!), Patience));
        var element = Assert.IsType<EmbedRejected>(await service.Router.Ask<EmbedReply>(new TokenizeTexts(["good", null!]), Patience));

        Assert.Equal((RejectionReason.InvalidRequest, null), (list.Reason, list.TextIndex));
        Assert.Equal((RejectionReason.InvalidRequest, 1), (element.Reason, element.TextIndex));
        Assert.IsType<TextsEmbedded>(await service.EmbedAsync("other"));
        Assert.Equal(1, service.Model.Loads);
    }

    [Fact]
    public async Task After_a_restart_tokens_come_from_the_new_session()
    {
        var model = new ScriptedModel { OnBatch = _ => throw new InferenceException("the graph broke") };
        await using var service = await ServiceFixture.StartAsync(model);
        await service.LeaveAsync(ServiceState.Loading);

        Assert.IsType<EmbedRejected>(await service.EmbedAsync("poison"));
        await service.PassTimeUntilReadyAsync();
        var reply = await service.Router.Ask<EmbedReply>(new TokenizeTexts(["ab"]), Patience);

        Assert.Equal([[0, 'a', 'b', 1]], Assert.IsType<TextsTokenized>(reply).Texts.Select(text => text.Ids));
        Assert.Equal(2, model.Loads);
    }
}
