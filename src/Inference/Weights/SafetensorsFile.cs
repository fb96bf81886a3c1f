using System.Buffers.Binary;

namespace ActorEmbed.Inference.Weights;

/// <summary>
/// A safetensors file: eight bytes of header length, a JSON header of names, types, shapes and offsets, then the
/// numbers, little-endian. Memory-mapped; nothing is read before it is asked for.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthPrefix = sizeof(ulong);

    private readonly MappedFile? _file;
    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    /// <exception cref="ModelLoadException">The file is missing, unreadable or damaged.</exception>
    public SafetensorsFile(string path)
    {
        Path = path;
        try
        {
            _file = new MappedFile(path);
            if (_file.Length < LengthPrefix)
                throw SafetensorsHeader.Damaged(path, $"it has only {_file.Length} bytes");
            _tensors = SafetensorsHeader.Parse(path, ReadHeader(_file), _file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

    public string Path { get; }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public SafetensorsTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Copies a tensor, converted to single precision.</summary>
    /// <exception cref="ModelLoadException">The tensor does not hold floating-point numbers.</exception>
    public float[] ReadFloats(SafetensorsTensor tensor)
    {
        var floats = new float[tensor.Elements];
        FloatConversion.ToSingle(tensor.Type, _file!.Slice(tensor.Offset, checked((int)tensor.Length)), floats);
        return floats;
    }

    public void Dispose() => _file?.Dispose();

    private ReadOnlyMemory<byte> ReadHeader(MappedFile file)
    {
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, LengthPrefix));
        if (headerLength > (ulong)(file.Length - LengthPrefix))
            throw SafetensorsHeader.Damaged(Path, $"its header claims {headerLength} bytes of {file.Length}");
        if (headerLength > SafetensorsHeader.MaxBytes)
            throw SafetensorsHeader.Damaged(Path, $"its header claims {headerLength} bytes, more than the format's limit of {SafetensorsHeader.MaxBytes}");
        return file.Slice(LengthPrefix, (int)headerLength).ToArray();
    }
}
