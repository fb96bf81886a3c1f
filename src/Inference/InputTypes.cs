using System.Diagnostics.CodeAnalysis;

namespace ActorEmbed.Inference;

/// <summary>The words for an <see cref="InputType"/>.</summary>
public static class InputTypes
{
    /// <summary>All of them, as a sentence lists them.</summary>
    public const string Known = "\"query\", \"document\", \"passage\", \"search_query\" or \"search_document\"";

    /// <summary>
    /// Reads <c>query</c> or <c>document</c> (as Voyage has them), <c>search_query</c> or <c>search_document</c> (Cohere),
    /// <c>passage</c> (NVIDIA), in any case.
    /// </summary>
    public static bool TryParse(string? word, [NotNullWhen(true)] out InputType? inputType)
    {
        inputType = word?.ToLowerInvariant() switch
        {
            "query" or "search_query" => InputType.Query,
            "document" or "search_document" or "passage" => InputType.Document,
            _ => null,
        };
        return inputType is not null;
    }
}
