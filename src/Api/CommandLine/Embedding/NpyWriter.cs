using System.Globalization;
using System.Text;
using ActorEmbed.Inference;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>
/// NumPy's format 1.0: a header with the shape, then <see cref="RawWriter"/>'s bytes. The number of rows is known only
/// at the end, so the header is written twice; into a pipe everything goes by way of a temporary file.
/// </summary>
internal sealed class NpyWriter : IVectorWriter, IDisposable
{
    // A multiple of 64 as the format wants, with room for twenty digits of rows.
    private const int HeaderBytes = 128;
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8, 1, 0];

    private readonly Stream _output;
    private readonly Stream _array;
    private readonly RawWriter _rows;
    private long _count;
    private readonly int _dimensions;

    /// <param name="output">Where to.</param>
    /// <param name="dimensions">Of each vector.</param>
    public NpyWriter(Stream output, int dimensions)
    {
        (_output, _dimensions) = (output, dimensions);
        _array = output.CanSeek ? output : new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        _array.Write(Header());
        _rows = new RawWriter(_array);
    }

    public void Write(long index, TextEmbedding embedding)
    {
        _rows.Write(index, embedding);
        _count++;
    }

    public void Flush()
    {
        // Nobody can read the array before its header is right.
    }

    public void Finish()
    {
        _array.Position = 0;
        _array.Write(Header());
        if (_array != _output)
        {
            _array.Position = 0;
            _array.CopyTo(_output);
        }

        _output.Flush();
    }

    public void Dispose()
    {
        if (_array != _output)
            _array.Dispose();
    }

    private byte[] Header()
    {
        var shape = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({_count}, {_dimensions}), }}");
        var length = HeaderBytes - Magic.Length - sizeof(ushort);
        return [.. Magic, (byte)length, 0, .. Encoding.ASCII.GetBytes(shape.PadRight(length - 1)), (byte)'\n'];
    }
}
