using System.Runtime.InteropServices;
using ActorEmbed.Api.Hosting.Stopping;

namespace ActorEmbed.Api.CommandLine;

/// <summary>
/// Hears the signals that ask this process to stop, from its first moment to its last: the first one cancels, a second
/// one ends the process at once.
/// </summary>
internal sealed partial class Interruption : IDisposable
{
    /// <summary>SIGHUP has this number everywhere.</summary>
    private const int HangUp = 1;

    /// <summary>SIG_IGN.</summary>
    private const nint Ignored = 1;

    // The system's struct sigaction has 152 bytes at most, and begins with the handler.
    private const int ActionBytes = 256;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interruption()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        // nohup has it ignored, and whoever started the process with it means that the end of a terminal is no reason to stop.
        if (OperatingSystem.IsWindows() || !IsIgnored(HangUp))
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>For a command that keeps nothing and has nothing to finish: the first signal is the end.</summary>
    public void EndProcess() => Token.Register(() => ProcessEnd.Now(ExitCode.Interrupted));

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_cancellation.IsCancellationRequested)
            ProcessEnd.Now(ExitCode.Interrupted);
        _cancellation.Cancel();
    }

    private static bool IsIgnored(int signal)
    {
        var action = new nint[ActionBytes / IntPtr.Size];
        return GetAction(signal, 0, action) == 0 && action[0] == Ignored;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int GetAction(int signal, nint wanted, nint[] present);
}
