using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Messages;

/// <summary>How well the texts of a request fit its query.</summary>
/// <param name="Model">What says so.</param>
/// <param name="Logits">For each text, in the order of <see cref="RankTexts.Texts"/>, what the model's classifier gives: more fits better.</param>
/// <param name="TokenCounts">For each text, the tokens that reached the model: those of the query and special ones included.</param>
/// <param name="TruncatedTexts">Indices of the texts that had, with the query, more tokens than the model takes.</param>
public sealed record TextsRanked(
    ModelInfo Model, IReadOnlyList<float> Logits, IReadOnlyList<int> TokenCounts, IReadOnlyList<int> TruncatedTexts) : EmbedReply
{
    /// <summary>From receipt to the first batch.</summary>
    public TimeSpan WaitTime { get; init; }

    /// <summary>From the first batch to the answer.</summary>
    public TimeSpan InferenceTime { get; init; }

    /// <summary>The scores, as sentence-transformers' <c>CrossEncoder</c> makes them of the logits.</summary>
    public IReadOnlyList<float> Scores => [.. Logits.Select(logit => Model.ScoreActivation.Apply(logit))];

    /// <summary>Indices of the texts, that of the best one first; of equal ones the first comes first.</summary>
    public IReadOnlyList<int> BestFirst => [.. Enumerable.Range(0, Logits.Count).OrderByDescending(index => Logits[index])];

    /// <summary>Tokens of all pairs that reached the model.</summary>
    public long TotalTokens => TokenCounts.Sum(count => (long)count);
}
