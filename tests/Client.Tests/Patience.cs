namespace ActorEmbed.Client.Tests;

/// <summary>How long a test waits for what must come: it ends a hang, and measures nothing.</summary>
internal static class Patience
{
    /// <summary>
    /// For a whole test, as <see cref="FactAttribute.Timeout"/> wants it. The longest goes through ten starts of the
    /// real server, about a second each; a loaded machine may take many times that.
    /// </summary>
    public const int Milliseconds = 240_000;

    /// <summary>For one wait: shorter, so that the line that waited in vain is the one that is told.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(Milliseconds / 2);
}
