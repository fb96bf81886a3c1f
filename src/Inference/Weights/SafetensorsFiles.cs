namespace ActorEmbed.Inference.Weights;

/// <summary>The safetensors files of one model, as if they were one.</summary>
internal sealed class SafetensorsFiles : IModelWeights, IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, WeightTensor Tensor)> _tensors = new(StringComparer.Ordinal);

    /// <exception cref="ModelLoadException">A file is missing, unreadable or damaged, or two have a tensor of one name.</exception>
    public SafetensorsFiles(IReadOnlyList<string> paths)
    {
        try
        {
            foreach (var path in paths)
            {
                var file = new SafetensorsFile(path);
                _files.Add(file);
                foreach (var name in file.Names)
                {
                    if (!_tensors.TryAdd(name, (file, file.Find(name)!)))
                        throw TensorFile.Damaged(path, $"tensor '{name}' is in {_tensors[name].File.Path}, too");
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For messages: the file, or the first of several.</summary>
    public string Path => _files.Count == 1 ? _files[0].Path : $"{_files[0].Path} and its {_files.Count - 1} companions";

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public WeightTensor? Find(string name) => _tensors.TryGetValue(name, out var found) ? found.Tensor : null;

    /// <summary>Copies a tensor, converted to single precision.</summary>
    /// <exception cref="ModelLoadException">The tensor does not hold floating-point numbers, or one that is none.</exception>
    public float[] ReadFloats(WeightTensor tensor) => _tensors[tensor.Name].File.ReadFloats(tensor);

    public IEnumerable<ReadOnlyMemory<float>> ReadRows(WeightTensor tensor) => _tensors[tensor.Name].File.ReadRows(tensor);

    /// <summary>Reads a tensor that is too large to keep, to see whether every component is a number.</summary>
    public void CheckFinite(WeightTensor tensor) => _tensors[tensor.Name].File.CheckFinite(tensor);

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
