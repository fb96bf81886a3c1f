using System.Runtime.InteropServices;
using ActorEmbed.Inference.Files;
using ActorEmbed.Inference.Weights;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Encoders;

/// <summary>
/// The token table of an encoder, read row by row from <c>model.safetensors</c>. Reading costs about a microsecond a
/// token, a hundredth of its inference; a mapped table of 250,000 rows would let the resident memory grow by every
/// page that any text ever touched, up to 768 MB. Rows that the system no longer has in memory are asked for all at
/// once, see <see cref="Prefetch"/>.
/// </summary>
internal sealed partial class PackedTokenTable : IDisposable
{
    // Value of POSIX_FADV_WILLNEED on Linux.
    private const int WillNeed = 3;

    private readonly SafeFileHandle _file;
    private readonly UnchangedFile _unchanged;
    private readonly WeightTensor _table;
    private readonly int _rowBytes;

    /// <param name="table">[vocabulary, hidden], floating-point.</param>
    /// <param name="verified">Stamp of its file when its checksum was taken.</param>
    /// <param name="checksum">Of the file's bytes.</param>
    public PackedTokenTable(WeightTensor table, FileStamp verified, string checksum)
    {
        _table = table;
        Vocabulary = (int)table.Shape[0];
        Hidden = (int)table.Shape[1];
        _rowBytes = (int)(Hidden * table.Type.ElementBytes());
        _file = ModelFile.Open(table.File, FileOptions.RandomAccess);
        _unchanged = new UnchangedFile(table.File, _file, verified, checksum);
    }

    public int Vocabulary { get; }

    public int Hidden { get; }

    /// <summary>
    /// Has the system fetch what these texts need, side by side and without waiting for it. One by one, the rows of a
    /// batch would take ten times as long as its inference when they have to come from the disk; those in memory cost
    /// nothing worth measuring (bench/Bench cold).
    /// </summary>
    public void Prefetch(ReadOnlySpan<int[]> texts)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var ids in texts)
        {
            foreach (var token in ids)
            {
                // An id that there is no row for is found out when it is read.
                if ((uint)token < (uint)Vocabulary)
                    _ = Advise(_file, Place(token), _rowBytes, WillNeed);
            }
        }
    }

    /// <summary>Looks whether the file still has the bytes that the model was compiled from.</summary>
    /// <exception cref="InferenceException">It has not.</exception>
    public void CheckFile() => _unchanged.Check();

    /// <summary>Reads one row, converted to single precision.</summary>
    /// <exception cref="InferenceException">The file was cut off under the running model.</exception>
    public void Read(int token, Span<float> row)
    {
        var offset = Place(token);
        if (_table.Type == WeightType.F32)
        {
            ReadBytes(MemoryMarshal.AsBytes(row), offset);
            return;
        }

        Span<byte> stored = stackalloc byte[_rowBytes];
        ReadBytes(stored, offset);
        FloatConversion.ToSingle(_table.Type, stored, row);
    }

    public void Dispose() => _file.Dispose();

    private long Place(int token) => _table.Offset + ((long)token * _rowBytes);

    private void ReadBytes(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
                throw new InferenceException("The model's weights were changed while the model was loaded; start again.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
