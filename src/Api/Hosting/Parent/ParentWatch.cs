using ActorEmbed.Api.Hosting.Stopping;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>
/// Ends the server with its parent process, so that no orphan stays behind. Looks for as long as the process runs, also
/// while it is being stopped: accepted requests may finish only as long as somebody is there.
/// </summary>
internal sealed class ParentWatch(
    ServerOptions options, Action onParentGone, TimeProvider time, ILogger<ParentWatch> log)
{
    // The rest of the 2 s within which a child is gone.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    // Held, or the collector would end it.
    private ITimer? _limit;

    public void Start()
    {
        if (!options.ExitWithParent && options.ParentPid is null)
            return;
        var parent = ParentProcess.Find(options);
        if (parent.IsGone || parent.Process is not null)
        {
            // Waiting blocks for as long as the parent lives, so it has a thread of its own.
            new Thread(() => StopAfter(parent.Process)) { IsBackground = true, Name = "parent-watch" }.Start();
        }
        else if (!OperatingSystem.IsWindows())
        {
            log.LogWarning("The parent process is outside of this container and cannot be watched; only the end of standard input is heard");
        }
    }

    private void StopAfter(ProcessIdentity? parent)
    {
        if (parent is { } running)
            ProcessWait.UntilEnd(running);
        // Nobody reads the exit code any more, and a batch inside the model must not keep the process.
        _limit = time.CreateTimer(_ => ProcessEnd.Now(ExitCode.Success), null, StopLimit, Timeout.InfiniteTimeSpan);
        log.LogWarning("The parent process has ended; stopping");
        onParentGone();
    }
}
