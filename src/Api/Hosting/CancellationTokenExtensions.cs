namespace ActorEmbed.Api.Hosting;

/// <summary>Host lifetime events are tokens; this makes them awaitable.</summary>
internal static class CancellationTokenExtensions
{
    public static async Task WaitAsync(this CancellationToken signal, CancellationToken stoppingToken)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = signal.UnsafeRegister(_ => signalled.TrySetResult(), null);
        await signalled.Task.WaitAsync(stoppingToken);
    }
}
