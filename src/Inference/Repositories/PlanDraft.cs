using System.Text.Json;
using ActorEmbed.Inference.Files;

namespace ActorEmbed.Inference.Repositories;

/// <summary>A plan in the making: which files of a repository are wanted, lacking, or have yet to be read.</summary>
/// <param name="files">The repository's files.</param>
internal sealed class PlanDraft(IRepositoryFiles files)
{
    private readonly List<string> _paths = [];
    private readonly List<string> _unread = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _absent = [];
    private readonly List<string> _likely = [];

    /// <inheritdoc cref="ModelPlan.Paths" />
    public IReadOnlyList<string> Paths => _paths;

    /// <inheritdoc cref="ModelPlan.Unread" />
    public IReadOnlyList<string> Unread => _unread;

    /// <inheritdoc cref="ModelPlan.Missing" />
    public IReadOnlyList<string> Missing => _missing;

    /// <inheritdoc cref="ModelPlan.Absent" />
    public IReadOnlyList<string> Absent => _absent;

    /// <inheritdoc cref="ModelPlan.Likely" />
    public IReadOnlyList<string> Likely => _likely;

    /// <inheritdoc cref="ModelPlan.Weights" />
    public PlannedWeights? Weights { get; private set; }

    /// <inheritdoc cref="ModelPlan.Refusal" />
    public string? Refusal { get; set; }

    /// <summary>Notes something that a model cannot do without.</summary>
    public void Miss(string what) => _missing.Add(what);

    /// <summary>Notes a file that would have been chosen first, or that changes how a model works.</summary>
    public void MarkAbsent(string path) => _absent.Add(path);

    /// <summary>Wants a file, if it is there.</summary>
    public bool Take(string path)
    {
        if (!files.Has(path))
            return false;
        // A module may share its directory with another, and its files are still fetched once.
        if (!_paths.Contains(path))
            _paths.Add(path);
        return true;
    }

    /// <summary>Wants what is run.</summary>
    public void TakeWeights(RunKind kind, params string[] paths)
    {
        Weights = new PlannedWeights(kind, paths);
        // Last of all: a snapshot without its weights is seen to be incomplete.
        foreach (var path in paths)
        {
            _paths.Remove(path);
            Take(path);
        }
    }

    /// <summary>Opens a graph; one that is not at hand yet is what is run all the same, and is noted as unread.</summary>
    public Stream? OpenGraph(string graph)
    {
        var stream = files.TryOpen(graph);
        if (stream is null)
        {
            _unread.Add(graph);
            _likely.AddRange(GraphFiles.LikelyDataFiles(files, graph));
            TakeWeights(RunKind.Graph, graph);
        }

        return stream;
    }

    /// <summary>Reads a file, or notes that it is absent.</summary>
    /// <exception cref="ModelLoadException">The file is damaged.</exception>
    public JsonFile? ReadOrMarkAbsent(string path, JsonValueKind kind)
    {
        if (!files.Has(path))
            _absent.Add(path);
        return ReadIfPresent(path, kind);
    }

    /// <summary>Reads a file, or notes that a model cannot do without it.</summary>
    /// <exception cref="ModelLoadException">The file is damaged.</exception>
    public JsonFile? Require(string path)
    {
        if (!files.Has(path))
            _missing.Add(path);
        return ReadIfPresent(path);
    }

    /// <summary>Wants and reads a file.</summary>
    /// <returns>Null where the repository does not have it, or it has yet to be fetched and was noted as unread.</returns>
    /// <exception cref="ModelLoadException">The file is damaged.</exception>
    public JsonFile? ReadIfPresent(string path, JsonValueKind kind = JsonValueKind.Object)
    {
        if (!Take(path))
            return null;
        using var stream = files.TryOpen(path);
        if (stream is null)
        {
            _unread.Add(path);
            return null;
        }

        if (stream.Length > ModelFile.MaxConfigurationBytes)
            throw new ModelLoadException($"{files.Describe(path)} has {stream.Length} bytes, more than the {ModelFile.MaxConfigurationBytes} that such a file can have.");
        var content = new byte[stream.Length];
        try
        {
            stream.ReadExactly(content);
        }
        catch (IOException e)
        {
            throw new ModelLoadException($"{files.Describe(path)} cannot be read: {e.Message}", e);
        }

        return JsonFile.Parse(files.Describe(path), content, kind);
    }
}
