using ActorEmbed.Inference.Tokenization;

namespace ActorEmbed.Inference.Compilation;

/// <summary>What the vectors of a device are compared on.</summary>
internal static class ComparedTexts
{
    // The calibration texts are sentences: of those that are longer, some of each length that a device runs in a shape of its own, enough
    // for a run that they share.
    private static readonly int[] JoinedLengths = [40, 60, 80, 100, 120, 128, 300, 512];

    /// <param name="texts">The calibration texts.</param>
    /// <param name="longest">Most tokens of a text.</param>
    /// <returns>The same, and longer ones that are made of them, the longest last.</returns>
    public static TokenizedText[] Of(TokenizedText[] texts, int longest)
    {
        int[] ids = [.. texts.SelectMany(text => text.Ids)];
        int[] types = [.. texts.SelectMany(text => text.Types ?? new int[text.Ids.Length])];
        return
        [
            .. texts.Where(text => text.Ids.Length <= longest),
            .. JoinedLengths.Select(length => Math.Min(length, Math.Min(longest, ids.Length)))
                .Select(length => new TokenizedText(ids[..length], IsTruncated: false, types[..length])),
        ];
    }
}
