using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ActorEmbed.Api.Hosting.Parent;

/// <summary>
/// A process that cannot be mistaken for a later one with the same id: the system gives ids out again, start times it
/// does not.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedAt">In the system's own unit; later is more. Null where this user may not know.</param>
internal readonly record struct ProcessIdentity(int Id, long? StartedAt)
{
    // Fields of /proc/PID/stat (proc(5)), counted from the one behind the name in brackets, which is number 3.
    private const int StateField = 3 - 3;
    private const int ParentField = 4 - 3;
    private const int StartTimeField = 22 - 3;

    public bool IsRunning => StartedAt is null ? ParentProcess.Exists(Id) : TryGet(Id) is { } now && now.StartedAt == StartedAt;

    /// <summary>The running process with this id; null when there is none.</summary>
    public static ProcessIdentity? TryGet(int id) => OperatingSystem.IsLinux() ? FromProc(id) : FromSystem(id);

    /// <summary>The parent of a process; null where that cannot be known.</summary>
    public static int? ParentOf(int id) =>
        OperatingSystem.IsLinux() && FieldsOf(id) is { } fields ? int.Parse(fields[ParentField], CultureInfo.InvariantCulture) : null;

    // Ended, and only waiting for somebody to ask how: as good as gone.
    private static ProcessIdentity? FromProc(int id) => FieldsOf(id) is { } fields && fields[StateField] is not ("Z" or "X" or "x")
        ? new(id, long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture))
        : null;

    private static string[]? FieldsOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            // The name may hold anything, brackets too.
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessIdentity? FromSystem(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : new(id, process.StartTime.ToUniversalTime().Ticks);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
