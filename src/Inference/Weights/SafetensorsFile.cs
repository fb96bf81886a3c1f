using System.Buffers.Binary;

namespace ActorEmbed.Inference.Weights;

/// <summary>
/// A safetensors file: eight bytes of header length, a JSON header of names, types, shapes and offsets, then the
/// numbers, little-endian. Nothing is read before it is asked for.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthPrefix = sizeof(ulong);

    private readonly TensorFile _file;
    private readonly Dictionary<string, WeightTensor> _tensors;

    /// <exception cref="ModelLoadException">The file is missing, unreadable or damaged.</exception>
    public SafetensorsFile(string path)
    {
        _file = new TensorFile(path);
        try
        {
            if (_file.Length < LengthPrefix)
                throw TensorFile.Damaged(path, $"it has only {_file.Length} bytes");
            _tensors = SafetensorsHeader.Parse(path, ReadHeader(), _file.Length);
        }
        catch (IOException e)
        {
            Dispose();
            throw new ModelLoadException($"{path} cannot be read: {e.Message}", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public WeightTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <inheritdoc cref="TensorFile.ReadFloats" />
    public float[] ReadFloats(WeightTensor tensor) => _file.ReadFloats(tensor);

    /// <inheritdoc cref="TensorFile.ReadRows" />
    public IEnumerable<ReadOnlyMemory<float>> ReadRows(WeightTensor tensor) => _file.ReadRows(tensor);

    /// <inheritdoc cref="TensorFile.ReadIntegers" />
    public long[] ReadIntegers(WeightTensor tensor) => _file.ReadIntegers(tensor);

    /// <inheritdoc cref="TensorFile.CheckFinite" />
    public void CheckFinite(WeightTensor tensor) => _file.CheckFinite(tensor);

    public void Dispose() => _file.Dispose();

    private ReadOnlyMemory<byte> ReadHeader()
    {
        Span<byte> prefix = stackalloc byte[LengthPrefix];
        _file.ReadExactly(prefix, 0);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(_file.Length - LengthPrefix))
            throw TensorFile.Damaged(Path, $"its header claims {headerLength} bytes of {_file.Length}");
        if (headerLength > SafetensorsHeader.MaxBytes)
            throw TensorFile.Damaged(Path, $"its header claims {headerLength} bytes, more than the format's limit of {SafetensorsHeader.MaxBytes}");
        var header = new byte[headerLength];
        _file.ReadExactly(header, LengthPrefix);
        return header;
    }
}
