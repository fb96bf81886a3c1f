using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Api.CommandLine.Embedding;

/// <summary>
/// Where vectors go: standard output, or a file that gets its name only when it is complete, so that an interrupted
/// run leaves no half result that looks like a whole one.
/// </summary>
internal sealed class OutputTarget : IDisposable
{
    private const int StandardOutput = 1;
    private readonly string? _path;

    public OutputTarget(string? path)
    {
        _path = path;
        Stream = path is null ? OpenStandardOutput() : new FileStream(PartialPath, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
    }

    public Stream Stream { get; }

    private string PartialPath => _path + ".partial";

    /// <summary>Everything is written.</summary>
    public void Commit()
    {
        Stream.Dispose();
        if (_path is not null)
            File.Move(PartialPath, _path, overwrite: true);
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_path is not null)
            File.Delete(PartialPath);
    }

    /// <summary>The console's own stream says nothing when the reader of a pipe has gone, and the work would go on for nobody.</summary>
    private static Stream OpenStandardOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write);
}
