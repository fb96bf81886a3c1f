using ActorEmbed.Actors.Messages;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

public sealed class DecodingSpecs
{
    private static readonly TimeSpan Patience = ScriptedModel.GateTimeout;

    [Theory]
    [InlineData(true, "ab")]
    [InlineData(false, "<s>ab</s>")]
    public async Task Token_ids_become_the_texts_that_they_stand_for(bool skipsSpecialTokens, string expected)
    {
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel());

        var decoded = Assert.IsType<TokensDecoded>(await service.Router.Ask<EmbedReply>(
            new DecodeTokens([[0, 'a', 'b', 1], []]) { SkipsSpecialTokens = skipsSpecialTokens }, Patience));

        Assert.Equal([expected, ""], decoded.Texts);
        Assert.Equal("scripted", decoded.Model.ShortName);
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_refused_and_named()
    {
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel());
        await service.LeaveAsync(ServiceState.Loading);

        var unknown = await service.Ask(new DecodeTokens([['a'], [int.MaxValue]])).ExpectMsgAsync<EmbedRejected>();
        var negative = await service.Ask(new DecodeTokens([[-1]])).ExpectMsgAsync<EmbedRejected>();
        var nothing = await service.Ask(new DecodeTokens([['a'], null!])).ExpectMsgAsync<EmbedRejected>();
        var list = await service.Ask(new DecodeTokens(null!)).ExpectMsgAsync<EmbedRejected>();
        var another = await service.Ask(new DecodeTokens([['a']]) { Model = "another" }).ExpectMsgAsync<EmbedRejected>();

        Assert.Equal((RejectionReason.InvalidRequest, 1), (unknown.Reason, unknown.TextIndex));
        Assert.StartsWith($"Token id {int.MaxValue} of text 1 is not in the vocabulary", unknown.Message, StringComparison.Ordinal);
        Assert.Equal((RejectionReason.InvalidRequest, 0), (negative.Reason, negative.TextIndex));
        Assert.Equal((RejectionReason.InvalidRequest, 1), (nothing.Reason, nothing.TextIndex));
        Assert.Equal(RejectionReason.InvalidRequest, list.Reason);
        Assert.Equal(RejectionReason.WrongModel, another.Reason);
    }

    [Fact]
    public async Task Requests_to_decode_wait_for_the_model_within_the_bounds_of_the_queue()
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await ServiceFixture.StartAsync(
            new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) }, new() { MaxQueuedTexts = 2 });

        var unknown = service.Ask(new DecodeTokens([[int.MaxValue]]));
        var fits = service.Ask(new DecodeTokens([['a']]));
        var tooMany = await service.Ask(new DecodeTokens([['b']])).ExpectMsgAsync<EmbedRejected>();
        gate.Set();

        Assert.Equal(RejectionReason.Overloaded, tooMany.Reason);
        Assert.Equal(RejectionReason.InvalidRequest, (await unknown.ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Equal(["a"], (await fits.ExpectMsgAsync<TokensDecoded>()).Texts);
    }
}
