using ActorEmbed.Api.Hosting.Failures;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Models;

/// <summary>How far the model's load is: for /health, for the log, and for whoever supervises the process.</summary>
internal sealed class LoadProgress : IProgress<PullProgress>
{
    private volatile LoadStatus? _status;
    private volatile LoadFailure? _failure;

    /// <summary>Null when nothing is being pulled or compiled.</summary>
    public LoadStatus? Status => _status;

    /// <summary>Why the last load failed; null while none has, and after one that did not.</summary>
    public LoadFailure? Failure => _failure;

    /// <summary>Called with each step of a pull; must return quickly.</summary>
    public event Action<PullProgress>? Reported;

    /// <summary>Called with each new status; must return quickly.</summary>
    public event Action<LoadStatus>? Changed;

    /// <summary>The model is being compiled, until <see cref="End"/>.</summary>
    public void BeginCompiling(string model) =>
        Enter(new LoadStatus(model, LoadStatus.Compiling, File: null, Bytes: 0, Size: 0, Fraction: 0, Note: "This is done once."));

    /// <summary>The load is over.</summary>
    /// <param name="failure">Null when there is a model now.</param>
    public void End(LoadFailure? failure = null) => (_status, _failure) = (null, failure);

    public void Report(PullProgress value)
    {
        Enter(value.Stage == PullStage.Done ? null : new LoadStatus(
            value.Model, value.Stage.ToString().ToLowerInvariant(), value.File.Length == 0 ? null : value.File,
            value.Bytes, value.Size, Math.Round(value.Fraction, 4), value.Note));
        Reported?.Invoke(value);
    }

    private void Enter(LoadStatus? status)
    {
        _status = status;
        if (status is not null)
            Changed?.Invoke(status);
    }
}
