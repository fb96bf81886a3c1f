using System.ComponentModel.DataAnnotations;
using ActorEmbed.Actors.Scheduling;

namespace ActorEmbed.Actors.Tests;

public sealed class SchedulingOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new SchedulingOptions().Validate();

    [Fact]
    public void All_settings_that_are_out_of_range_are_reported_together()
    {
        var options = new SchedulingOptions { MaxTextsPerBatch = 0, MaxQueuedTexts = -1, BatchTimeout = TimeSpan.Zero };

        var error = Assert.Throws<ValidationException>(options.Validate);

        Assert.All(
            [nameof(options.MaxTextsPerBatch), nameof(options.MaxQueuedTexts), nameof(options.BatchTimeout)],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }
}
