using ActorEmbed.Actors.Router;
using ActorEmbed.Actors.Scheduling;
using ActorEmbed.Tests.Shared.Models;
using Akka.Actor;

namespace ActorEmbed.Actors.Tests.Scheduling;

public sealed class BatchLimitsTests
{
    [Theory]
    [InlineData("cpu", 32, 1024, 40)]
    [InlineData("mps", 32, 1024, 40)]
    [InlineData("cuda", 256, 8192, 300)]
    [InlineData("a device of a later version", 32, 1024, 40)]
    public void Without_settings_they_are_those_of_the_device(string device, int texts, int tokens, int failedBatches) =>
        Assert.Equal((texts, tokens, failedBatches), Of(new SchedulingOptions(), device));

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void Settings_hold_whatever_the_device(string device) => Assert.Equal(
        (10, 500, 50), Of(new SchedulingOptions { MaxTextsPerBatch = 10, MaxTokensPerBatch = 500, MaxFailedBatches = 50 }, device));

    [Theory]
    [InlineData(50, 49)]
    [InlineData(33, 32)]
    [InlineData(1000, 256)]
    public void A_batch_of_nothing_but_bad_texts_never_ends_the_service_of_an_accelerator(int failedBatches, int texts) =>
        Assert.Equal((texts, 8192, failedBatches), Of(new SchedulingOptions { MaxFailedBatches = failedBatches }, "cuda"));

    [Fact]
    public void A_full_batch_of_an_accelerator_has_no_more_time_than_one_of_the_processor()
    {
        var limits = new BatchLimits(new SchedulingOptions());
        limits.SuitTo("cuda");

        Assert.Equal(limits.Options.BatchTimeout, limits.TimeoutOf(8192));
    }

    [Fact]
    public void A_node_whose_full_batch_would_not_fit_into_a_frame_is_refused_by_the_size_that_its_device_has()
    {
        var nodes = new RemoteWorkers(MaxFrameBytes: 4096, LossesPerText: 2, TimeSpan.FromSeconds(1)) { ChildProps = _ => Props.Empty };
        var limits = new BatchLimits(new SchedulingOptions());

        Assert.True(nodes.Accepts(ScriptedModel.Info, null, limits, out _));
        Assert.False(nodes.Accepts(ScriptedModel.Info with { Device = "cuda" }, null, limits, out var whyNot));
        Assert.Contains("A batch of 256 vectors", whyNot, StringComparison.Ordinal);
    }

    private static (int Texts, int Tokens, int FailedBatches) Of(SchedulingOptions options, string device)
    {
        var limits = new BatchLimits(options);
        limits.SuitTo(device);
        return (limits.Texts, limits.Tokens, limits.FailedBatches);
    }
}
