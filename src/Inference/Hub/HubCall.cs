namespace ActorEmbed.Inference.Hub;

/// <summary>One request to the hub, which may be redirected.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Address">Where it begins.</param>
/// <param name="Reference">The model it is about.</param>
/// <param name="What">What is asked for, for messages.</param>
internal sealed record HubCall(HttpMethod Method, Uri Address, ModelReference Reference, string What)
{
    /// <summary>First byte wanted.</summary>
    public long Offset { get; init; }

    /// <summary>Whether only a hub can answer it: then an answer from elsewhere is that of another hub, not of a file server.</summary>
    public bool IsList { get; init; }
}
