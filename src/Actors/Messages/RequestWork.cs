namespace ActorEmbed.Actors.Messages;

/// <summary>Worker to router: I am free, one batch, please.</summary>
internal sealed record RequestWork
{
    public static readonly RequestWork Instance = new();
}
