namespace ActorEmbed.Inference.Weights.Exported;

/// <summary>The weights of an exported graph, by the names that its model's family knows them by.</summary>
internal sealed class ExportedWeights : IModelWeights, IDisposable
{
    private readonly Dictionary<string, TensorPart> _parts;
    private readonly Dictionary<string, TensorFile> _files = new(StringComparer.Ordinal);

    /// <param name="graph">Where they are used.</param>
    public ExportedWeights(ExportedGraph graph)
    {
        Graph = graph;
        Products = ExportedProduct.Of(graph);
        _parts = ExportedNames.Of(graph, Products);
    }

    public ExportedGraph Graph { get; }

    /// <summary>Its dense products, in order.</summary>
    public IReadOnlyList<ExportedProduct> Products { get; }

    public string Path => Graph.Path;

    /// <summary>Reads the graph; its tensors when they are asked for.</summary>
    /// <exception cref="ModelLoadException">The file is missing, unreadable or damaged.</exception>
    public static ExportedWeights Open(string path)
    {
        try
        {
            using var stream = new FileStream(Files.ModelFile.Open(path), FileAccess.Read);
            return new ExportedWeights(ExportedGraphReader.Read(stream, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ModelLoadException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Gives tensors the names of a family, whatever the graph calls them.</summary>
    public void Name(IReadOnlyDictionary<string, TensorPart> parts)
    {
        _parts.Clear();
        foreach (var (name, part) in parts)
            _parts[name] = part;
    }

    public WeightTensor? Find(string name) =>
        _parts.TryGetValue(name, out var part) ? part.Stored with { Name = name, Shape = part.Shape } : null;

    public float[] ReadFloats(WeightTensor tensor)
    {
        var part = _parts[tensor.Name];
        return part.Pick(FileOf(part.Stored).ReadFloats(part.Stored));
    }

    /// <summary>Of a graph, where a matrix may be stored the other way round or be a part of another: read whole.</summary>
    public IEnumerable<ReadOnlyMemory<float>> ReadRows(WeightTensor tensor) => [ReadFloats(tensor)];

    public void CheckFinite(WeightTensor tensor) => FileOf(tensor).CheckFinite(tensor);

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    private TensorFile FileOf(WeightTensor tensor)
    {
        if (!_files.TryGetValue(tensor.File, out var file))
            _files[tensor.File] = file = new TensorFile(tensor.File);
        return file;
    }
}
