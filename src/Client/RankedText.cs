namespace ActorEmbed.Client;

/// <summary>How well one of the texts of <see cref="ActorEmbedClient.RankAsync"/> fits the query.</summary>
/// <param name="Index">Of the text in the caller's list.</param>
/// <param name="Score">More fits better; of many models between 0 and 1, of others any number.</param>
public readonly record struct RankedText(int Index, float Score);
