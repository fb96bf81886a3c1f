namespace ActorEmbed.Inference.Hub;

/// <summary>Adds up the progress of files that arrive at the same time, and reports one after the other.</summary>
internal sealed class PullTracker(string model, IProgress<PullProgress>? progress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Bytes, long Size)> _files = new(StringComparer.Ordinal);
    private bool _isChosen;
    private long _bytes;
    private long _size;

    /// <summary>Whether a file is or was to come.</summary>
    public bool Has(HubFile file)
    {
        lock (_lock)
            return _files.ContainsKey(file.Path);
    }

    /// <summary>Adds a file to what is to come.</summary>
    public void Expect(HubFile file)
    {
        lock (_lock)
        {
            if (_files.TryAdd(file.Path, (0, file.Size)))
                _size += file.Size;
        }
    }

    /// <summary>
    /// Says what will come in all; what has arrived is part of it. Before, the size is not known, and what arrives does not
    /// count: a few kilobytes that were all of it would be done at once.
    /// </summary>
    public void Choose(IReadOnlyList<HubFile> files)
    {
        lock (_lock)
        {
            _isChosen = true;
            var chosen = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
            foreach (var path in _files.Keys.Where(path => !chosen.Contains(path)).ToList())
            {
                _bytes -= _files[path].Bytes;
                _size -= _files[path].Size;
                _files.Remove(path);
            }

            foreach (var file in files)
                Expect(file);
        }
    }

    /// <summary>Reports on a file.</summary>
    public void Report(PullStage stage, HubFile file, long bytes, string? note = null)
    {
        lock (_lock)
        {
            _bytes += bytes - _files[file.Path].Bytes;
            _files[file.Path] = (bytes, file.Size);
            progress?.Report(new PullProgress(stage, model, file.Path, bytes, file.Size, Counted(_bytes), Counted(_size), note));
        }
    }

    /// <summary>Reports on the whole.</summary>
    public void Report(PullStage stage, string? note = null)
    {
        lock (_lock)
            progress?.Report(new PullProgress(stage, model, "", 0, 0, Counted(_bytes), Counted(_size), note));
    }

    private long Counted(long bytes) => _isChosen ? bytes : 0;
}
