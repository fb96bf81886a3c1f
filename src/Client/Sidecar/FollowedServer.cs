using ActorEmbed.Client.Http;

namespace ActorEmbed.Client.Sidecar;

/// <summary>Where a sidecar's server is, for its clients: waits as long as a start is wanted, whatever the state by then.</summary>
/// <param name="board">Tells the address.</param>
/// <param name="coming">
/// The attempt to start that is under way or the last one; null where no server is wanted. It is asked in place of the
/// state, which lags behind the calls: right after a start it still says Stopped, or Stopping.
/// </param>
/// <param name="time">For the wait.</param>
internal sealed class FollowedServer(StatusBoard board, Func<Task?> coming, TimeProvider time) : IServerAddress
{
    public async ValueTask<Uri> GetAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        while (true)
        {
            var ready = coming();
            var status = board.Current;
            if (status is { State: ActorEmbedSidecarState.Ready, Url: { } url })
                return url;
            if (ready is null)
                throw new SidecarDownException($"The sidecar is {status.State}: start it first.");
            try
            {
                await ready.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException("The sidecar was not ready in time.");
            }
            catch (ActorEmbedException)
            {
                // That attempt has failed. Whether another one is under way, the next look tells.
            }
        }
    }
}
