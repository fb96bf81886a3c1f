namespace ActorEmbed.Inference.Tokenization.Pipeline.Json;

/// <summary>Reads what is looked for: <c>{"String": " "}</c> or <c>{"Regex": "\\s+"}</c>.</summary>
internal static class PatternReader
{
    public static ITextPattern Read(JsonPart part)
    {
        if (part.TextOrNull("String") is { } literal)
            return literal.Length > 0 ? new LiteralPattern(literal) : throw part.Invalid("an empty text cannot be looked for");
        var expression = part.Text("Regex");
        try
        {
            return RegexPattern.Parse(expression);
        }
        catch (NotSupportedException e)
        {
            throw part.Invalid($"the regular expression cannot be used: {e.Message}", e);
        }
    }
}
