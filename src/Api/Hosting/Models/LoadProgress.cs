using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>How far the model's load is: for /health, for the log, and for whoever supervises the process.</summary>
internal sealed class LoadProgress : IProgress<PullProgress>
{
    private volatile LoadStatus? _status;

    /// <summary>Null when nothing is being pulled or compiled.</summary>
    public LoadStatus? Status => _status;

    /// <summary>Called with each step of a pull; must return quickly.</summary>
    public event Action<PullProgress>? Reported;

    /// <summary>The model is being compiled, until <see cref="End"/>.</summary>
    public void BeginCompiling(string model) => _status = new LoadStatus(model, LoadStatus.Compiling, File: null, Bytes: 0, Size: 0, Fraction: 0, Note: "This is done once.");

    /// <summary>The load is over, whatever came of it.</summary>
    public void End() => _status = null;

    public void Report(PullProgress value)
    {
        _status = value.Stage == PullStage.Done ? null : new LoadStatus(
            value.Model, value.Stage.ToString().ToLowerInvariant(), value.File.Length == 0 ? null : value.File,
            value.Bytes, value.Size, Math.Round(value.Fraction, 4), value.Note);
        Reported?.Invoke(value);
    }
}
