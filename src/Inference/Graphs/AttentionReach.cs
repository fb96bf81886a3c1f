namespace ActorEmbed.Inference.Graphs;

/// <summary>Which tokens of its text a token attends to.</summary>
/// <param name="Back">Tokens before it; null for all.</param>
/// <param name="Ahead">Tokens behind it; null for all.</param>
internal readonly record struct AttentionReach(int? Back, int? Ahead)
{
    /// <summary>The whole text.</summary>
    public static AttentionReach Everything { get; }

    /// <summary>What has been said before, and the token itself.</summary>
    public static AttentionReach Causal { get; } = new(null, 0);

    /// <summary>So many tokens to either side.</summary>
    public static AttentionReach Window(int tokens) => new(tokens, tokens);
}
