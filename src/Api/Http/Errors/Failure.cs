namespace ActorEmbed.Api.Http.Errors;

/// <summary>What went wrong with a request, before a dialect puts it into its own words.</summary>
/// <param name="Status">The status code as <c>/embed</c> has it; a dialect may have another for the same failure.</param>
/// <param name="Message">One sentence for a person; never contains a text.</param>
internal sealed record Failure(int Status, string Message)
{
    /// <summary>What the nginx project uses for a caller that has gone; nobody reads it, but an access log may.</summary>
    public const int CallerGone = 499;

    /// <summary>The field at fault, where there is one.</summary>
    public string? Field { get; init; }

    /// <summary>The index in that field, where it is a list.</summary>
    public int? Index { get; init; }

    /// <summary>Whether the server has more to do than it takes, which may pass by itself.</summary>
    public bool IsOverload { get; init; }

    /// <summary>Whether a text was longer than the model takes, and was not to be cut.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>Whether inference failed on this one text.</summary>
    public bool IsInference { get; init; }

    /// <summary>Whether the model is for something else: a reranker where vectors are asked for, an embedder where scores are.</summary>
    public bool IsWrongKind { get; init; }

    /// <summary>Time after which trying again makes sense, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
