namespace ActorEmbed.Load;

/// <summary>How a client sends many texts.</summary>
/// <param name="UnderWay">Requests at a time.</param>
/// <param name="MinTexts">Texts of the smallest request.</param>
/// <param name="MaxTexts">Texts of the largest request.</param>
internal sealed record BulkLoad(int UnderWay, int MinTexts, int MaxTexts)
{
    /// <summary>What indexers do: one batch after the other, or large parts of the whole, or without waiting for the server.</summary>
    public static readonly BulkLoad[] All = [new(1, 32, 32), new(1, 32, 1000), new(2, 32, 256)];

    public override string ToString() => $"bulk client with {UnderWay} request{(UnderWay == 1 ? "" : "s")} of {MinTexts} to {MaxTexts} texts at a time";
}
