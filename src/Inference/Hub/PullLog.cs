using Microsoft.Extensions.Logging;

namespace ActorEmbed.Inference.Hub;

/// <summary>A log line for each tenth of a pull, and for whatever holds it up.</summary>
/// <param name="log">Receives them.</param>
public sealed class PullLog(ILogger<PullLog> log) : IProgress<PullProgress>
{
    private int _tenths;

    /// <inheritdoc />
    public void Report(PullProgress value)
    {
        // Another pull begins: that of a later load, or of a later life of an inference node.
        if (value.Stage == PullStage.Listing)
            _tenths = 0;
        if (value.Note is not null)
            log.LogWarning("Pulling {Model}: {Note}", value.Model, value.Note);
        if (value.Stage == PullStage.Done)
            log.LogInformation("Pulled {Model}: {Bytes} bytes", value.Model, value.Bytes);
        else if ((int)(value.Fraction * 10) is var tenths && tenths > _tenths)
            log.LogInformation("Pulling {Model}: {Percent} % of {Bytes} bytes", value.Model, (_tenths = tenths) * 10, value.Size);
    }
}
