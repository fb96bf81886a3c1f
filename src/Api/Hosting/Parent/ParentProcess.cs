using System.Runtime.InteropServices;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>Finds the process to end with.</summary>
internal static partial class ParentProcess
{
    /// <summary>
    /// The process that the options name, otherwise the direct parent where the system tells it. Null when it has
    /// ended, or, with <paramref name="isKnown"/> false, when there is none to watch.
    /// </summary>
    public static ProcessIdentity? Find(ServerOptions options, out bool isKnown)
    {
        var id = options.ParentPid ?? (OperatingSystem.IsWindows() ? null : GetParentId());
        isKnown = id is not null;
        if (id is null || ProcessIdentity.TryGet(id.Value) is not { } parent)
            return null;
        // A process that is younger than this one got the id of a parent that has ended.
        return ProcessIdentity.TryGet(Environment.ProcessId) is { } self && parent.StartedAt > self.StartedAt ? null : parent;
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
