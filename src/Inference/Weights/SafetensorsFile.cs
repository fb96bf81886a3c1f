using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ActorEmbed.Inference.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Weights;

/// <summary>
/// A safetensors file: eight bytes of header length, a JSON header of names, types, shapes and offsets, then the
/// numbers, little-endian. Nothing is read before it is asked for.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthPrefix = sizeof(ulong);

    // A multiple of every element's size.
    private const int BlockBytes = 1 << 22;

    private readonly SafeFileHandle? _file;
    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    /// <exception cref="ModelLoadException">The file is missing, unreadable or damaged.</exception>
    public SafetensorsFile(string path)
    {
        Path = path;
        try
        {
            _file = ModelFile.Open(path);
            var length = RandomAccess.GetLength(_file);
            if (length < LengthPrefix)
                throw SafetensorsHeader.Damaged(path, $"it has only {length} bytes");
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
    /// <exception cref="ModelLoadException">The tensor does not hold floating-point numbers, or one that is none.</exception>
    public float[] ReadFloats(SafetensorsTensor tensor)
    {
        var floats = new float[tensor.Elements];
        var read = 0;
        foreach (var block in Blocks(tensor))
        {
            block.CopyTo(floats.AsMemory(read));
            read += block.Length;
        }

        return floats;
    }

    /// <summary>Copies a tensor of whole numbers.</summary>
    /// <exception cref="ModelLoadException">The tensor does not hold whole numbers of 64 bits.</exception>
    public long[] ReadIntegers(SafetensorsTensor tensor)
    {
        if (tensor.Type != SafetensorsType.I64)
            throw SafetensorsHeader.Damaged(Path, $"tensor '{tensor.Name}' does not hold whole numbers of 64 bits");
        var numbers = new long[tensor.Elements];
        ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()), tensor.Offset);
        return numbers;
    }

    /// <summary>Reads a tensor that is too large to keep, to see whether every component is a number.</summary>
    /// <inheritdoc cref="ReadFloats" />
    public void CheckFinite(SafetensorsTensor tensor)
    {
        foreach (var _ in Blocks(tensor))
        {
        }
    }

    public void Dispose() => _file?.Dispose();

    private IEnumerable<ReadOnlyMemory<float>> Blocks(SafetensorsTensor tensor)
    {
        var elementBytes = (int)tensor.Type.ElementBytes();
        var stored = new byte[Math.Min(BlockBytes, tensor.Length)];
        var floats = new float[stored.Length / elementBytes];
        for (var offset = 0L; offset < tensor.Length; offset += BlockBytes)
        {
            var length = (int)Math.Min(BlockBytes, tensor.Length - offset);
            ReadExactly(stored.AsSpan(0, length), tensor.Offset + offset);
            var block = floats.AsMemory(0, length / elementBytes);
            FloatConversion.ToSingle(tensor.Type, stored.AsSpan(0, length), block.Span);
            if (!TensorPrimitives.IsFiniteAll<float>(block.Span))
                throw SafetensorsHeader.Damaged(Path, $"tensor '{tensor.Name}' has a component that is infinite or not a number");
            yield return block;
        }
    }

    private ReadOnlyMemory<byte> ReadHeader(long fileLength)
    {
        Span<byte> prefix = stackalloc byte[LengthPrefix];
        ReadExactly(prefix, 0);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(fileLength - LengthPrefix))
            throw SafetensorsHeader.Damaged(Path, $"its header claims {headerLength} bytes of {fileLength}");
        if (headerLength > SafetensorsHeader.MaxBytes)
            throw SafetensorsHeader.Damaged(Path, $"its header claims {headerLength} bytes, more than the format's limit of {SafetensorsHeader.MaxBytes}");
        var header = new byte[headerLength];
        ReadExactly(header, LengthPrefix);
        return header;
    }

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file!, bytes, offset);
            if (read == 0)
                throw SafetensorsHeader.Damaged(Path, "it was cut off while it was read");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
