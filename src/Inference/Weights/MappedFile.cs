using System.IO.MemoryMappedFiles;
using ActorEmbed.Inference.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Inference.Weights;

/// <summary>A file of up to 2^63 bytes, mapped for reading.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly SafeFileHandle? _handle;
    private readonly FileStamp _mapped;

    /// <param name="path">A file or a link to one: the files of the Hugging Face cache are links.</param>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public MappedFile(string path)
    {
        // Of the open file: what the directory says of a link is the length of the link.
        var handle = ModelFile.Open(path);
        Length = RandomAccess.GetLength(handle);
        if (Length == 0)
        {
            // Nothing of no length can be mapped.
            handle.Dispose();
            return;
        }

        _handle = handle;
        _mapped = FileStamp.Of(handle);
        _file = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start;
    }

    public byte* Start { get; }

    public long Length { get; }

    /// <summary>
    /// Whether nobody has written or cut the file since it was mapped. What is cut off under a mapping ends the process
    /// when it is touched, so one asks before.
    /// </summary>
    public bool IsUnchanged
    {
        get
        {
            if (_handle is null)
                return true;
            var now = FileStamp.Of(_handle);
            return now.Length == _mapped.Length && now.Written == _mapped.Written;
        }
    }

    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new(Start + offset, length);
    }

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
