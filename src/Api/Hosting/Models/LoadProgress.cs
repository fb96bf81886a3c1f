using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>How far the pull of the model is: for /health, for the log, and for whoever supervises the process.</summary>
internal sealed class LoadProgress : IProgress<PullProgress>
{
    private volatile LoadStatus? _status;

    /// <summary>Null when nothing is being pulled.</summary>
    public LoadStatus? Status => _status;

    /// <summary>Called with each step; must return quickly.</summary>
    public event Action<PullProgress>? Reported;

    public void Report(PullProgress value)
    {
        _status = value.Stage == PullStage.Done ? null : new LoadStatus(
            value.Model, value.Stage.ToString().ToLowerInvariant(), value.File.Length == 0 ? null : value.File,
            value.Bytes, value.Size, Math.Round(value.Fraction, 4), value.Note);
        Reported?.Invoke(value);
    }
}
