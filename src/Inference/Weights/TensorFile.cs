using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ActorEmbed.Inference.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Weights;

/// <summary>A file that tensors lie in, little-endian. Nothing is read before it is asked for.</summary>
internal sealed class TensorFile : IDisposable
{
    // A multiple of every element's size.
    private const int BlockBytes = 1 << 22;

    private readonly SafeFileHandle? _file;

    /// <exception cref="ModelLoadException">The file is missing or unreadable.</exception>
    public TensorFile(string path)
    {
        Path = path;
        try
        {
            _file = ModelFile.Open(path);
            Length = RandomAccess.GetLength(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new ModelLoadException($"{path} cannot be read: {e.Message}", e);
        }
    }

    public string Path { get; }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    public static ModelLoadException Damaged(string path, string what) =>
        new($"{path} is damaged: {what}. Download it again.");

    /// <summary>Copies a tensor, converted to single precision.</summary>
    /// <exception cref="ModelLoadException">The tensor does not hold floating-point numbers, or one that is none.</exception>
    public float[] ReadFloats(WeightTensor tensor)
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

    /// <inheritdoc cref="IModelWeights.ReadRows" />
    public IEnumerable<ReadOnlyMemory<float>> ReadRows(WeightTensor tensor)
    {
        var rowBytes = (int)(tensor.Shape[^1] * tensor.Type.ElementBytes());
        return Blocks(tensor, Math.Max(BlockBytes / rowBytes, 1) * rowBytes);
    }

    /// <summary>Copies a tensor of whole numbers.</summary>
    /// <exception cref="ModelLoadException">The tensor does not hold whole numbers of 64 bits.</exception>
    public long[] ReadIntegers(WeightTensor tensor)
    {
        if (tensor.Type != WeightType.I64)
            throw Damaged(Path, $"tensor '{tensor.Name}' does not hold whole numbers of 64 bits");
        var numbers = new long[tensor.Elements];
        ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()), tensor.Offset);
        return numbers;
    }

    /// <summary>Reads a tensor that is too large to keep, to see whether every component is a number.</summary>
    /// <inheritdoc cref="ReadFloats" />
    public void CheckFinite(WeightTensor tensor)
    {
        foreach (var _ in Blocks(tensor))
        {
        }
    }

    /// <exception cref="ModelLoadException">The file ends before.</exception>
    public void ReadExactly(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file!, bytes, offset);
            if (read == 0)
                throw Damaged(Path, "it was cut off while it was read");
            bytes = bytes[read..];
            offset += read;
        }
    }

    public void Dispose() => _file?.Dispose();

    private IEnumerable<ReadOnlyMemory<float>> Blocks(WeightTensor tensor, int blockBytes = BlockBytes)
    {
        var elementBytes = (int)tensor.Type.ElementBytes();
        var stored = new byte[Math.Min(blockBytes, tensor.Length)];
        var floats = new float[stored.Length / elementBytes];
        for (var offset = 0L; offset < tensor.Length; offset += blockBytes)
        {
            var length = (int)Math.Min(blockBytes, tensor.Length - offset);
            ReadExactly(stored.AsSpan(0, length), tensor.Offset + offset);
            var block = floats.AsMemory(0, length / elementBytes);
            FloatConversion.ToSingle(tensor.Type, stored.AsSpan(0, length), block.Span);
            if (!TensorPrimitives.IsFiniteAll<float>(block.Span))
                throw Damaged(Path, $"tensor '{tensor.Name}' has a component that is infinite or not a number");
            yield return block;
        }
    }
}
