namespace ActorEmbed.Api.Hosting.Models;

/// <summary>What requests want of a model, and so which one is meant by those that name none.</summary>
internal enum ModelTask
{
    /// <summary>Vectors of texts, or their tokens.</summary>
    Embed,

    /// <summary>Scores of texts against a query.</summary>
    Rank,
}
