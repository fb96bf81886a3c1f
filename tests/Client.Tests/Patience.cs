namespace ActorEmbed.Client.Tests;

/// <summary>How long a test waits for what must come: it ends a hang, and measures nothing.</summary>
internal static class Patience
{
    // The slowest thing waited for is a start of the real server, about a second; a loaded machine may take many times that.
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
}
