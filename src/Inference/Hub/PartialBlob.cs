using System.Buffers;
using System.Security.Cryptography;

namespace ActorEmbed.Inference.Hub;

/// <summary>
/// The beginning of a file, kept beside its final place until it is whole, with the hash of what is there. Only the
/// holder of the blob's lock may open it.
/// </summary>
internal sealed class PartialBlob : IAsyncDisposable
{
    /// <summary>Large against the cost of a system call, small against the memory of anything else.</summary>
    public const int BufferBytes = 256 << 10;

    private readonly HubFile _file;
    private readonly string _blobPath;
    private readonly string _root;
    private FileStream? _stream;
    private IncrementalHash _hash;

    private PartialBlob(HubFile file, string blobPath, string root)
    {
        (_file, _blobPath, _root) = (file, blobPath, root);
        _hash = file.Digest.Start(file.Size);
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>The most that was ever there, also before a server made us begin again.</summary>
    public long HighestLength { get; private set; }

    /// <summary>Where the beginning of a blob is kept.</summary>
    public static string PathOf(string blobPath) => blobPath + ".incomplete";

    /// <summary>Opens or creates the file and hashes what an earlier run left.</summary>
    public static async Task<PartialBlob> OpenAsync(
        HubFile file, string blobPath, string root, CancellationToken cancellation)
    {
        var partial = new PartialBlob(file, blobPath, root);
        try
        {
            await partial.GuardAsync(() => partial.ResumeAsync(cancellation)).ConfigureAwait(false);
            return partial;
        }
        catch
        {
            await partial.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => GuardAsync(async () =>
    {
        _hash.AppendData(bytes.Span);
        await _stream!.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        Length += bytes.Length;
        HighestLength = Math.Max(HighestLength, Length);
    });

    /// <summary>Throws away what is there.</summary>
    /// <param name="isWrong">Whether its bytes were wrong, so that having them was no progress.</param>
    public Task RestartAsync(bool isWrong = false) => GuardAsync(() =>
    {
        _stream!.SetLength(0);
        _stream.Position = 0;
        Length = 0;
        if (isWrong)
            HighestLength = 0;
        _hash.Dispose();
        _hash = _file.Digest.Start(_file.Size);
        return Task.CompletedTask;
    });

    /// <summary>Whether the bytes are those the hub announced. Ends the hash: restart or commit afterwards.</summary>
    public bool IsRight() => Length == _file.Size && _file.Digest.Matches(_hash);

    /// <summary>Gives the file its final name, once its bytes are on the disk.</summary>
    public Task CommitAsync() => GuardAsync(() =>
    {
        // Without it a power cut could leave a file of the right name and size that is full of zeros.
        _stream!.Flush(flushToDisk: true);
        // Where locks mean nothing, as on some network file systems, another process may have cut it meanwhile.
        if (_stream.Length != _file.Size)
            throw new IOException($"another process changed {PathOf(_blobPath)}");
        _stream.Dispose();
        File.Move(PathOf(_blobPath), _blobPath, overwrite: true);
        return Task.CompletedTask;
    });

    public async Task DeleteAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        File.Delete(PathOf(_blobPath));
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_stream is not null)
            await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ResumeAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_blobPath)!);
        // Our writes are large already: a buffer of the stream would copy them once more.
        _stream = new FileStream(
            PathOf(_blobPath), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read; (read = await _stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                _hash.AppendData(buffer, 0, read);
                Length += read;
                if (Length > _file.Size)
                    break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // Another file's, or one that grew after a crash.
        if (Length > _file.Size)
            await RestartAsync().ConfigureAwait(false);
        HighestLength = Length;
    }

    private async Task GuardAsync(Func<Task> access)
    {
        try
        {
            await access().ConfigureAwait(false);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.Explain(e, _file.Path, _root);
        }
    }
}
