using System.Runtime.InteropServices;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>Finds the process to end with.</summary>
internal static partial class ParentProcess
{
    /// <summary>ESRCH, the same everywhere.</summary>
    private const int NoSuchProcess = 3;

    private static int? _atBirth;

    /// <summary>
    /// Remembers who started this process. To be called before anything else: who asks later is told the process that
    /// took the orphan in.
    /// </summary>
    public static void RememberBirth()
    {
        if (!OperatingSystem.IsWindows())
            _atBirth = IsAdopted() ? null : GetParentId();
    }

    /// <summary>The process that the options name, otherwise the direct parent where the system tells it.</summary>
    public static ParentFinding Find(ServerOptions options)
    {
        if (options.ParentPid is { } named)
            return Named(named);
        if (OperatingSystem.IsWindows())
            return ParentFinding.Unknown;
        if (_atBirth is not { } parent || GetParentId() != parent)
            return ParentFinding.Gone;
        // 0 is a process outside of this container, of which nothing can be known.
        if (parent == 0)
            return ParentFinding.Unknown;
        // Where /proc hides the processes of others, the id alone is known, and it stays the parent's while it lives.
        return ParentFinding.Running(ProcessIdentity.TryGet(parent) ?? new ProcessIdentity(parent, null));
    }

    private static ParentFinding Named(int id)
    {
        if (ProcessIdentity.TryGet(id) is not { } parent)
            return Exists(id) ? ParentFinding.Running(new ProcessIdentity(id, null)) : ParentFinding.Gone;
        // A process that is younger than this one got the id of a parent that has ended.
        return ProcessIdentity.TryGet(Environment.ProcessId) is { } self && parent.StartedAt > self.StartedAt
            ? ParentFinding.Gone
            : ParentFinding.Running(parent);
    }

    /// <summary>Whether there is such a process, also one of which this user may know nothing else.</summary>
    internal static bool Exists(int id) =>
        !OperatingSystem.IsWindows() && (SendSignal(id, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess);

    /// <summary>
    /// Whether the parent ended before this program had run its first instruction, so that another process has taken
    /// it in already. Session and group are inherited: unless this process leads one of its own, they are those of the
    /// process that started it, and another one's tell the foster parent. A group tells nothing
    /// where its leader is a child of the same parent: a shell puts what it joins by pipes into a group of their own.
    /// </summary>
    private static bool IsAdopted()
    {
        var (self, parent) = (Environment.ProcessId, GetParentId());
        if (parent == 0)
            return false;
        if (GetSession(0) is var session && session != self && GetSession(parent) is >= 0 and var other && session != other)
            return true;
        return GetGroup(0) is var group && group != self && GetGroup(parent) is >= 0 and var others && group != others
            && ProcessIdentity.ParentOf(group) != parent;
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();

    [LibraryImport("libc", EntryPoint = "getsid")]
    private static partial int GetSession(int processId);

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int GetGroup(int processId);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
