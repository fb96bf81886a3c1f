using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorEmbed.Api.Hosting;

/// <summary>The file of a Unix domain socket, which outlives a server that was killed.</summary>
internal static partial class SocketFile
{
    /// <summary>ENXIO on Linux and EOPNOTSUPP on macOS: the file is there and is a socket, which nobody can open.</summary>
    private static readonly int CannotBeOpened = OperatingSystem.IsMacOS() ? 102 : 6;

    /// <summary>O_NONBLOCK with O_RDONLY, so that a pipe without a writer does not hold this up.</summary>
    private static readonly int ReadWithoutWaiting = OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    /// <summary>Removes what a server that has ended left behind, and nothing else.</summary>
    /// <exception cref="IOException">Somebody answers on it, it is a file of another kind, or there is no folder for it.</exception>
    public static void Clear(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new IOException($"the folder {folder} does not exist");
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        var file = new FileInfo(path);
        if (!file.Exists && file.LinkTarget is null)
            return;
        if (file.LinkTarget is not null || !IsSocket(path))
            throw new IOException("the file exists and is no socket");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"the socket exists and cannot be asked whether somebody listens on it ({e.Message})", e);
        }

        throw new IOException("another server answers on it");
    }

    /// <summary>.NET knows no type for sockets; on Windows it cannot be told, and whoever refuses a connection is one.</summary>
    private static bool IsSocket(string path)
    {
        if (OperatingSystem.IsWindows())
            return new FileInfo(path).Length == 0;
        var descriptor = Open(path, ReadWithoutWaiting);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() == CannotBeOpened;
        _ = Close(descriptor);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
