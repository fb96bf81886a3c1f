using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace ActorEmbed.Inference.Compilation;

/// <summary>
/// A safetensors file: eight bytes of header length, a JSON header of names, types, shapes and offsets, then the
/// numbers, little-endian. Memory-mapped; nothing is read before it is asked for.
/// </summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    private const int LengthPrefix = sizeof(ulong);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    /// <exception cref="ModelLoadException">The file is missing, unreadable or damaged.</exception>
    public SafetensorsFile(string path)
    {
        Path = path;
        try
        {
            var length = new FileInfo(path).Length;
            if (length < LengthPrefix)
                throw SafetensorsHeader.Damaged(path, $"it has only {length} bytes");
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _tensors = SafetensorsHeader.Parse(path, ReadHeader(length), length);
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
        FloatConversion.ToSingle(tensor.Type, new ReadOnlySpan<byte>(_start + tensor.Offset, checked((int)tensor.Length)), floats);
        return floats;
    }

    public void Dispose()
    {
        if (_start is not null)
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }

    private ReadOnlyMemory<byte> ReadHeader(long fileLength)
    {
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(_start, LengthPrefix));
        if (headerLength > (ulong)(fileLength - LengthPrefix))
            throw SafetensorsHeader.Damaged(Path, $"its header claims {headerLength} bytes of {fileLength}");
        if (headerLength > SafetensorsHeader.MaxBytes)
            throw SafetensorsHeader.Damaged(Path, $"its header claims {headerLength} bytes, more than the format's limit of {SafetensorsHeader.MaxBytes}");
        return new ReadOnlySpan<byte>(_start + LengthPrefix, (int)headerLength).ToArray();
    }
}
