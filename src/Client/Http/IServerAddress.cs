namespace ActorEmbed.Client.Http;

/// <summary>Where the next attempt goes.</summary>
internal interface IServerAddress
{
    /// <summary>The address of a server, ending with a slash.</summary>
    /// <param name="patience">How long to wait for a server that is on its way.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SidecarDownException">There is no server, and none is on its way.</exception>
    /// <exception cref="TimeoutException">Patience is over.</exception>
    ValueTask<Uri> GetAsync(TimeSpan patience, CancellationToken cancellation);
}
