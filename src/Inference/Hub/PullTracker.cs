namespace ActorEmbed.Inference.Hub;

/// <summary>Adds up the progress of files that arrive at the same time, and reports one after the other.</summary>
internal sealed class PullTracker(string model, IProgress<PullProgress>? progress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Bytes, long Size)> _files = new(StringComparer.Ordinal);
    private long _bytes;
    private long _size;

    /// <summary>Adds a file to what is to come.</summary>
    public void Expect(HubFile file)
    {
        lock (_lock)
        {
            if (_files.TryAdd(file.Path, (0, file.Size)))
                _size += file.Size;
        }
    }

    /// <summary>Reports on a file.</summary>
    public void Report(PullStage stage, HubFile file, long bytes, string? note = null)
    {
        lock (_lock)
        {
            _bytes += bytes - _files[file.Path].Bytes;
            _files[file.Path] = (bytes, file.Size);
            progress?.Report(new PullProgress(stage, model, file.Path, bytes, file.Size, _bytes, _size, note));
        }
    }

    /// <summary>Reports on the whole.</summary>
    public void Report(PullStage stage, string? note = null)
    {
        lock (_lock)
            progress?.Report(new PullProgress(stage, model, "", 0, 0, _bytes, _size, note));
    }
}
