namespace ActorEmbed.Inference;

/// <summary>What may be put before a text.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Text">Exactly what is put before the text; may be empty.</param>
public sealed record ModelPrompt(string Name, string Text)
{
    /// <summary>
    /// Whether the model's own files lack it: it stands in its authors' documentation, and ActorEmbed has it from there.
    /// </summary>
    public bool IsFromDocumentation { get; init; }
}
