using ActorEmbed.Actors.Messages;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorEmbed.Actors.Tests;

public sealed class RouterProperties
{
    private const string Poison = "poison";
    private const string FirstTimePoison = "poison the first time";

    /// <summary>One caller: how many texts, what is among them, and whether it gives up.</summary>
    public sealed record Caller(int Texts, bool HasPoison, bool HasFirstTimePoison, bool Cancels, bool IsTooLate);

    public static class Generators
    {
        public static Arbitrary<Caller[]> Callers() => (
            from texts in Gen.Frequency((6, Gen.Choose(1, 3)), (3, Gen.Choose(4, 40)), (1, Gen.Choose(41, 150)), (1, Gen.Constant(0)))
            from poison in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            from firstTime in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            from cancels in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
            from late in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Caller(texts, poison && texts > 0, firstTime && texts > 1, cancels, late)).ArrayOf().ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Generators)], MaxTest = 25, EndSize = 30)]
    public void Every_request_is_answered_exactly_once_in_order_with_its_own_vectors(Caller[] callers) =>
        CheckAsync(callers).GetAwaiter().GetResult();

    private static async Task CheckAsync(Caller[] callers)
    {
        var seen = 0;
        var model = new ScriptedModel
        {
            OnBatch = texts =>
            {
                if (texts.Any(t => t.StartsWith(Poison + " ", StringComparison.Ordinal) && !t.StartsWith(FirstTimePoison, StringComparison.Ordinal)))
                    throw new InferenceException("poison");
                if (texts.Any(t => t.StartsWith(FirstTimePoison, StringComparison.Ordinal)) && Interlocked.Increment(ref seen) == 1)
                    throw new InferenceException("poison the first time");
            },
        };
        // Fake time passes much faster than the model: no batch counts as hung.
        var options = new SchedulingOptions { MaxFailedBatches = 10_000, MaxQueuedTexts = 500, BatchTimeout = TimeSpan.FromHours(1) };
        await using var service = await ServiceFixture.StartAsync(model, options);
        await service.LeaveAsync(ServiceState.Loading);

        var asked = callers.Select((caller, i) =>
        {
            using var cancellation = new CancellationTokenSource();
            var texts = Enumerable.Range(0, caller.Texts).Select(t => $"text {t} of {i}").ToArray();
            if (caller.HasPoison)
                texts[^1] = $"{Poison} of {i}";
            if (caller.HasFirstTimePoison)
                texts[0] = $"{FirstTimePoison} of {i}";
            var probe = service.Ask(new EmbedTexts(texts)
            {
                Cancellation = cancellation.Token,
                Timeout = caller.IsTooLate ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromHours(10),
            });
            if (caller.Cancels)
                cancellation.Cancel();
            return (caller, texts, probe);
        }).ToArray();

        // Fake time brings the deadlines, and the restarts after each failure.
        await service.PassTimeUntilAsync(
            async () => await service.StatusAsync() is { State: ServiceState.Ready, QueuedTexts: 0, Counters: var counters }
                && counters.Answered + counters.Rejected == callers.Length,
            TimeSpan.FromSeconds(6));

        foreach (var (caller, texts, probe) in asked)
        {
            AssertAnswer(caller, texts, await probe.ExpectMsgAsync<EmbedReply>());
            Assert.False(probe.HasMessages);
        }

        var status = await service.StatusAsync();
        Assert.Equal((0, 0, 0L), (status.QueuedRequests, status.QueuedTexts, status.QueuedBytes));
    }

    private static void AssertAnswer(Caller caller, string[] texts, EmbedReply reply)
    {
        if (reply is TextsEmbedded embedded)
        {
            Assert.False(caller.HasPoison);
            Assert.Equal(texts.Select(ScriptedModel.UnitVectorOf), embedded.Vectors);
            return;
        }

        var rejected = Assert.IsType<EmbedRejected>(reply);
        switch (rejected.Reason)
        {
            case RejectionReason.TextFailed: Assert.StartsWith("poison", texts[rejected.TextIndex!.Value], StringComparison.Ordinal); break;
            case RejectionReason.Cancelled: Assert.True(caller.Cancels); break;
            case RejectionReason.DeadlineExceeded: Assert.True(caller.IsTooLate); break;
            default: Assert.Equal(RejectionReason.Overloaded, rejected.Reason); break;
        }
    }
}
