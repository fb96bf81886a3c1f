using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorEmbed.Api.Hosting.Output;

/// <summary>
/// The standard streams as the process was given them: they may be closed, full, or on a disk without room, and none of
/// that may hold the server up or end it.
/// </summary>
internal static partial class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>F_GETFD and FD_CLOEXEC, the same on Linux and macOS.</summary>
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>O_RDWR.</summary>
    private const int ReadAndWrite = 2;

    // A reader that is alive takes what is left in much less; one that is not must not keep the process.
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    private static GuardedWriter? _error;
    private static GuardedWriter? _output;

    /// <summary>Whether standard input is what the parent gave, and not a descriptor that was free and is something else now.</summary>
    public static bool HasInput { get; private set; } = true;

    /// <summary>Standard output for the ready line: written to by a thread of its own.</summary>
    public static TextWriter ReadyLine => _output ??= new GuardedWriter(Stream(Output, Console.OpenStandardOutput));

    /// <summary>From here on whatever is written to <see cref="Console.Error"/>, by whomever, blocks nobody.</summary>
    public static void Guard()
    {
        HasInput = IsGiven(Input);
        if (!IsGiven(Output))
            Console.SetOut(TextWriter.Null);
        else if (Console.IsOutputRedirected)
            // Windows would write it in the code page of its terminals, which turns paths into others.
            Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        _error = new GuardedWriter(Stream(Error, Console.OpenStandardError), dropped => string.Create(
            CultureInfo.InvariantCulture, $"actorembed: {dropped} lines were left out, as nobody read this output.\n"));
        Console.SetError(_error);
    }

    /// <summary>Gives what was written a moment to get out.</summary>
    public static void Flush()
    {
        _output?.TryFlush(FlushLimit);
        _error?.TryFlush(FlushLimit);
    }

    private static Stream Stream(int descriptor, Func<Stream> open) => IsGiven(descriptor) ? open() : System.IO.Stream.Null;

    /// <summary>
    /// A stream that the parent closed has a number that the next file, pipe or connection gets. What the parent gave has
    /// survived the start of this program, and so does not close with the start of another; what was opened here does.
    /// </summary>
    private static bool IsGiven(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return true;
        var flags = GetFlags(descriptor, GetDescriptorFlags);
        // Still free: the lowest free number is the one that is given out.
        if (flags < 0)
            return Open("/dev/null", ReadAndWrite) == descriptor;
        return (flags & CloseOnExec) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int GetFlags(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
