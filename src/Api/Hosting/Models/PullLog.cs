using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>A log line for each tenth of a pull, and for whatever holds it up.</summary>
internal sealed class PullLog : IDisposable
{
    private readonly LoadProgress _progress;
    private readonly ILogger<PullLog> _log;
    private int _tenths;

    public PullLog(LoadProgress progress, ILogger<PullLog> log)
    {
        (_progress, _log) = (progress, log);
        progress.Reported += Write;
    }

    public void Dispose() => _progress.Reported -= Write;

    private void Write(PullProgress progress)
    {
        // Another pull begins: that of a later load, or of a later life of an inference node.
        if (progress.Stage == PullStage.Listing)
            _tenths = 0;
        if (progress.Note is not null)
            _log.LogWarning("Pulling {Model}: {Note}", progress.Model, progress.Note);
        if (progress.Stage == PullStage.Done)
            _log.LogInformation("Pulled {Model}: {Bytes} bytes", progress.Model, progress.Bytes);
        else if ((int)(progress.Fraction * 10) is var tenths && tenths > _tenths)
            _log.LogInformation("Pulling {Model}: {Percent} % of {Bytes} bytes", progress.Model, (_tenths = tenths) * 10, progress.Size);
    }
}
