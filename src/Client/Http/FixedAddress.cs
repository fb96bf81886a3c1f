namespace ActorEmbed.Client.Http;

/// <summary>The address that the options name.</summary>
internal sealed class FixedAddress(Uri address) : IServerAddress
{
    public ValueTask<Uri> GetAsync(TimeSpan patience, CancellationToken cancellation) => new(address);
}
