namespace ActorEmbed.Inference;

/// <summary>What a text is, where search tells the two apart.</summary>
public enum InputType
{
    /// <summary>Something to search with.</summary>
    Query,

    /// <summary>Something to be found.</summary>
    Document,
}
