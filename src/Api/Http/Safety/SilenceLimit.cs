using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ActorEmbed.Api.Http.Safety;

/// <summary>
/// Closes a connection that says nothing within the time for headers. Kestrel's own time for them begins with their first
/// byte.
/// </summary>
internal sealed class SilenceLimit(ServerOptions options, TimeProvider time)
{
    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await IsHeardAsync(connection))
            await next(connection);
    }

    /// <summary>Whether the first bytes come in time. They are left for whoever reads them.</summary>
    private async Task<bool> IsHeardAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (!input.TryRead(out var read))
        {
            using var patience = new CancellationTokenSource(options.HeaderTimeout, time);
            // A server that stops does not wait for those who never said anything.
            var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closing, connection.ConnectionClosed);
            try
            {
                read = await input.ReadAsync(end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                return false;
            }
        }

        var isHeard = !read.Buffer.IsEmpty;
        input.AdvanceTo(read.Buffer.Start);
        return isHeard;
    }
}
