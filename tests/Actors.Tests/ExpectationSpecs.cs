using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests;

/// <summary>What a request expects of the model, whether that is there when the request comes or not.</summary>
public sealed class ExpectationSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<EmbedTexts, RejectionReason> Mismatches { get; } = new()
    {
        { new EmbedTexts(["text"]) { Model = "another" }, RejectionReason.WrongModel },
        { new EmbedTexts(["text"]) { Dimensions = ScriptedModel.Dimensions + 1 }, RejectionReason.TooManyDimensions },
        { new EmbedTexts([EmbeddingInput.FromTokenIds([5, 0x10000])]), RejectionReason.InvalidRequest },
    };

    [Theory]
    [MemberData(nameof(Mismatches))]
    public async Task What_the_model_cannot_serve_is_rejected_at_once(EmbedTexts command, RejectionReason reason)
    {
        await using var service = await ServiceFixture.StartAsync();
        await service.LeaveAsync(ServiceState.Loading);

        Assert.Equal(reason, (await service.Ask(command).ExpectMsgAsync<EmbedRejected>()).Reason);
        Assert.Empty(service.Model.Batches);
    }

    [Theory]
    [MemberData(nameof(Mismatches))]
    public async Task What_the_model_cannot_serve_is_rejected_when_the_model_is_there_and_costs_no_inference(EmbedTexts command, RejectionReason reason)
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var wrong = service.Ask(command);
        var other = service.Ask("other");
        Assert.Equal(2, (await service.QueueAsync()).Requests);
        gate.Set();

        Assert.Equal(reason, (await wrong.ExpectMsgAsync<EmbedRejected>()).Reason);
        await other.ExpectMsgAsync<TextsEmbedded>();
        Assert.Equal(["other"], service.Model.Batches.SelectMany(batch => batch));
        Assert.Equal((ServiceState.Ready, 0, 0, 0L), await service.QueueAsync());
    }

    [Fact]
    public async Task Vectors_come_with_their_model_and_with_as_many_dimensions_as_are_wanted()
    {
        await using var service = await ServiceFixture.StartAsync();

        var full = await service.Ask(new EmbedTexts(["text"]) { Model = "Scripted:latest" }).ExpectMsgAsync<TextsEmbedded>();
        var unscaled = await service.Ask(new EmbedTexts(["text"]) { Dimensions = 2, Normalize = false }).ExpectMsgAsync<TextsEmbedded>();
        var scaled = await service.Ask(new EmbedTexts(["text"]) { Dimensions = 2 }).ExpectMsgAsync<TextsEmbedded>();

        Assert.Equal(ScriptedModel.Info, full.Model);
        Assert.Equal(ScriptedModel.Dimensions, full.Vectors[0].Length);
        Assert.Equal(ScriptedModel.VectorOf("text")[..2], unscaled.Vectors[0]);
        Assert.Equal(VectorNorm.Normalize(ScriptedModel.UnitVectorOf("text").AsSpan(0, 2)), scaled.Vectors[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Dimensions_that_are_none_are_rejected(int dimensions)
    {
        await using var service = await ServiceFixture.StartAsync();

        var rejected = await service.Ask(new EmbedTexts(["text"]) { Dimensions = dimensions }).ExpectMsgAsync<EmbedRejected>();

        Assert.Equal(RejectionReason.InvalidRequest, rejected.Reason);
    }

    [Fact]
    public async Task A_request_without_texts_waits_for_the_model_and_is_answered_with_it()
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await ServiceFixture.StartAsync(new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var early = service.Ask(new EmbedTexts(Array.Empty<string>()));
        await service.StatusAsync();
        gate.Set();

        Assert.Equal(ScriptedModel.Info, (await early.ExpectMsgAsync<TextsEmbedded>()).Model);
        Assert.Empty((await service.Ask(new EmbedTexts(Array.Empty<string>())).ExpectMsgAsync<TextsEmbedded>()).Vectors);
    }

    [Fact]
    public async Task Requests_without_texts_are_bounded_like_all_others_while_there_is_no_model()
    {
        using var gate = new ManualResetEventSlim();
        await using var service = await ServiceFixture.StartAsync(
            new ScriptedModel { OnLoad = _ => gate.Wait(ScriptedModel.GateTimeout) }, new SchedulingOptions { MaxQueuedTexts = 2 });

        var accepted = service.Ask(new EmbedTexts(Array.Empty<string>()));
        var tokenizing = service.Ask(new TokenizeTexts([]));
        var rejected = await service.Ask(new EmbedTexts(Array.Empty<string>())).ExpectMsgAsync<EmbedRejected>();
        var alsoRejected = await service.Ask(new TokenizeTexts([])).ExpectMsgAsync<EmbedRejected>();
        gate.Set();

        Assert.Equal((RejectionReason.Overloaded, RejectionReason.Overloaded), (rejected.Reason, alsoRejected.Reason));
        await accepted.ExpectMsgAsync<TextsEmbedded>();
        await tokenizing.ExpectMsgAsync<TextsTokenized>();
    }

    [Theory]
    [InlineData(3, 1 << 20, "3 texts", ": 2.")]
    [InlineData(1, 1024, "2048 bytes", ": 1024.")]
    public async Task What_would_not_even_fit_the_empty_queue_is_invalid_and_not_an_overload(int texts, long maxBytes, string size, string bound)
    {
        await using var service = await ServiceFixture.StartAsync(options: new SchedulingOptions { MaxQueuedTexts = 2, MaxQueuedBytes = maxBytes });
        string[] tooMuch = [.. Enumerable.Range(0, texts).Select(_ => new string('x', 1024))];

        var embedding = await service.Ask(tooMuch).ExpectMsgAsync<EmbedRejected>();
        var tokenizing = await service.Ask(new TokenizeTexts(tooMuch)).ExpectMsgAsync<EmbedRejected>();

        Assert.All([embedding, tokenizing], rejected =>
        {
            Assert.Equal(RejectionReason.InvalidRequest, rejected.Reason);
            Assert.Contains(size, rejected.Message, StringComparison.Ordinal);
            Assert.EndsWith(bound, rejected.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_longest_time_out_there_is_means_none()
    {
        await using var service = await ServiceFixture.StartAsync(options: new SchedulingOptions { RequestTimeout = TimeSpan.MaxValue });

        var named = await service.Router.Ask<EmbedReply>(new EmbedTexts(["text"]) { Timeout = TimeSpan.MaxValue }, Patience);
        var byDefault = await service.EmbedAsync("text");
        var tokenized = await service.Router.Ask<EmbedReply>(new TokenizeTexts(["text"]) { Timeout = TimeSpan.MaxValue }, Patience);

        Assert.IsType<TextsEmbedded>(named);
        Assert.IsType<TextsEmbedded>(byDefault);
        Assert.IsType<TextsTokenized>(tokenized);
    }
}
