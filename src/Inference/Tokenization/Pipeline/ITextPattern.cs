namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>Something that is looked for in a text. Safe for concurrent use.</summary>
internal interface ITextPattern
{
    /// <summary>Divides a text into what matches and what lies between: all of it, in order, without gaps.</summary>
    /// <param name="text">Valid UTF-16.</param>
    /// <param name="matches">Is emptied, and takes the parts.</param>
    void Match(ReadOnlySpan<char> text, List<PatternMatch> matches);
}
