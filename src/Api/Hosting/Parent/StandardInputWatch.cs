using ActorEmbed.Api.Hosting.Output;
using Microsoft.Win32.SafeHandles;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>
/// Stops the server when its standard input is closed. That is how a parent asks it to stop where there are no signals,
/// and what the system does when the parent ends: accepted requests may finish, and <see cref="ParentWatch"/> says when
/// nobody is left to finish them for.
/// </summary>
internal sealed class StandardInputWatch(ServerOptions options, Action onClosed, ILogger<StandardInputWatch> log)
{
    private const int StandardInput = 0;

    public void Start()
    {
        if (options.ExitWithParent)
        {
            // The read blocks for as long as the parent lives, so it has a thread of its own.
            new Thread(ReadToEnd) { IsBackground = true, Name = "standard-input" }.Start();
        }
    }

    private void ReadToEnd()
    {
        try
        {
            // Closed from the beginning, which says as little.
            if (!StandardStreams.HasInput || IsFile())
                return;
            using var input = Console.OpenStandardInput();
            Span<byte> ignored = stackalloc byte[256];
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException e)
        {
            log.LogDebug(e, "Standard input broke");
        }

        log.LogInformation("Standard input is closed; stopping");
        onClosed();
    }

    /// <summary>A file and /dev/null are at their end from the beginning and say nothing of the parent.</summary>
    private static bool IsFile()
    {
        if (OperatingSystem.IsWindows())
            return false;
        using var handle = new SafeFileHandle(StandardInput, ownsHandle: false);
        using var input = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return input.CanSeek;
    }
}
