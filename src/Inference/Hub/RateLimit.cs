using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Hub;

/// <summary>The hub's own header, such as <c>RateLimit: "resolvers";r=0;t=172</c>.</summary>
/// <param name="Bucket">What is counted: <c>api</c>, <c>pages</c> or <c>resolvers</c>.</param>
/// <param name="TimeLeft">Until the count begins anew.</param>
internal sealed partial record RateLimit(string Bucket, TimeSpan TimeLeft)
{
    /// <summary>The limit that is used up.</summary>
    /// <param name="header">Value of the header; null where there is none.</param>
    /// <returns>Null where no limit is used up, or the header is of another form.</returns>
    public static RateLimit? UsedUp(string? header)
    {
        foreach (Match match in Pattern().Matches(header ?? ""))
        {
            if (match.Groups["left"].Value.TrimStart('0').Length == 0
                && int.TryParse(match.Groups["seconds"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return new RateLimit(match.Groups["bucket"].Value, TimeSpan.FromSeconds(seconds));
        }

        return null;
    }

    [GeneratedRegex("\"(?<bucket>[^\"]+)\"\\s*;\\s*r=(?<left>\\d+)\\s*;\\s*t=(?<seconds>\\d+)")]
    private static partial Regex Pattern();
}
