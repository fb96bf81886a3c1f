using System.Globalization;

namespace ActorEmbed.Client.Sidecar;

/// <summary>A server of ours that can embed.</summary>
/// <param name="Url">Its address.</param>
/// <param name="ProcessId">Its own id; a wrapper that was started in its place has another.</param>
/// <param name="Model">Id of its model.</param>
/// <param name="Dimensions">Components of each vector.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="Version">Of the server.</param>
internal sealed record ReadyServer(Uri Url, int ProcessId, string? Model, int? Dimensions, string? Device, string? Version)
{
    /// <summary>Completes when this very process serves: on its ready line, checked against who really answers there.</summary>
    /// <exception cref="ActorEmbedException">StartFailed or PortInUse.</exception>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    public static async Task<ReadyServer> FromAsync(SidecarProcess process, ActorEmbedSidecarOptions options, CancellationToken cancellation)
    {
        await Task.WhenAny(process.Ready, process.Exited).WaitAsync(cancellation).ConfigureAwait(false);
        // The line may have come just before the end; then the address no longer answers, and that is told below.
        if (!process.Ready.IsCompleted)
            throw await FailureAsync(process, await process.Exited.ConfigureAwait(false), options, cancellation).ConfigureAwait(false);

        var line = await process.Ready.ConfigureAwait(false);
        var identity = await ServerIdentity.AskAsync(line.Url, options.Token, cancellation).ConfigureAwait(false);
        if (identity.IsSilent)
            throw new ActorEmbedException(ActorEmbedErrorCode.StartFailed, $"The server said that it was ready at {line.Url}, but does not answer there.{Quote(process)}");
        // A system may let two programs listen on one port by different addresses; then another one answers our calls.
        if (!identity.IsActorEmbed || (identity.Info?.ProcessId is { } id && id != line.ProcessId))
            throw PortInUse(line.Url, identity, null);
        return new ReadyServer(
            line.Url, line.ProcessId, identity.Info?.ModelId ?? line.Model, identity.Info?.Dimensions ?? line.Dimensions, identity.Info?.Device, identity.Info?.Version);
    }

    /// <summary>What a start that took too long is told as.</summary>
    public static ActorEmbedException TooSlow(SidecarProcess process, TimeSpan timeout) => new(
        ActorEmbedErrorCode.StartFailed, $"The server was not ready within {timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms.{Quote(process)}");

    private static async Task<ActorEmbedException> FailureAsync(
        SidecarProcess process, int exitCode, ActorEmbedSidecarOptions options, CancellationToken cancellation)
    {
        if (exitCode == ExitCodes.PortTaken && options.Port != 0)
        {
            var url = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", options.Port).Uri;
            var holder = await ServerIdentity.AskAsync(url, options.Token, cancellation).ConfigureAwait(false);
            if (!holder.IsSilent)
                return PortInUse(url, holder, exitCode);
        }

        var code = exitCode == ExitCodes.PortTaken ? ActorEmbedErrorCode.PortInUse : ActorEmbedErrorCode.StartFailed;
        return new ActorEmbedException(code, $"The server did not start: {ExitCodes.Describe(exitCode)}.{Quote(process)}") { ExitCode = exitCode };
    }

    private static ActorEmbedException PortInUse(Uri url, ServerIdentity holder, int? exitCode)
    {
        var who = holder.IsActorEmbed
            ? $"another ActorEmbed (pid {holder.Info?.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}, model {holder.Info?.ModelId ?? "unknown"})"
            : $"another program ({holder.Description})";
        return new ActorEmbedException(ActorEmbedErrorCode.PortInUse,
            $"On {url.Authority} answers {who}; it is not used. Choose another port, or 0 for a free one.")
        { ExitCode = exitCode };
    }

    private static string Quote(SidecarProcess process) => process.LogTail is { Length: > 0 } tail ? $"\nIts last words:\n{tail}" : "";
}
