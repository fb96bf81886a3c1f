using System.Runtime.InteropServices;
using ActorEmbed.Api.Hosting.Stopping;

namespace ActorEmbed.Api.CommandLine;

/// <summary>The first signal cancels, a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    public CancellationToken Token => _cancellation.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_cancellation.IsCancellationRequested)
            ProcessEnd.Now(ExitCode.Interrupted);
        _cancellation.Cancel();
    }
}
