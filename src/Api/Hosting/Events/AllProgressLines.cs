using ActorEmbed.Api.Hosting.Models;

namespace ActorEmbed.Api.Hosting.Events;

/// <summary>Tells the parent how far the load of each model is.</summary>
internal sealed class AllProgressLines(IReadOnlyList<ModelToServe> models, EventLines lines) : IDisposable
{
    private readonly ProgressLines[] _all = [.. models.Select(model => new ProgressLines(model.Progress, lines, TimeProvider.System))];

    public void Dispose() => Array.ForEach(_all, one => one.Dispose());
}
