using System.IO.MemoryMappedFiles;

namespace ActorEmbed.Inference.Weights;

/// <summary>A file of up to 2^63 bytes, mapped for reading.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    /// <param name="path">A file or a link to one: the files of the Hugging Face cache are links.</param>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public MappedFile(string path)
    {
        // Of the open file: what the directory says of a link is the length of the link.
        var handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(handle);
        if (Length == 0)
        {
            // Nothing of no length can be mapped.
            handle.Dispose();
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start;
    }

    public byte* Start { get; }

    public long Length { get; }

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
