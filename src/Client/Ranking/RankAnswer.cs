using System.Text.Json;

namespace ActorEmbed.Client.Ranking;

/// <summary>The checked answer to <c>POST /rank</c>.</summary>
internal static class RankAnswer
{
    /// <returns>The score of each text, in the order in which they were sent.</returns>
    /// <exception cref="FormatException">The answer is not usable; the message says why.</exception>
    /// <exception cref="JsonException">The answer is no JSON.</exception>
    public static float[] Read(byte[] body, int count)
    {
        using var answer = JsonDocument.Parse(body);
        if (answer.RootElement.ValueKind != JsonValueKind.Object || !answer.RootElement.TryGetProperty("scores", out var list)
            || list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("the answer has no \"scores\" array");
        }

        var scores = list.EnumerateArray().Select((score, index) =>
            score.ValueKind == JsonValueKind.Number && score.TryGetSingle(out var value) && float.IsFinite(value)
                ? value
                : throw new FormatException($"score {index} is no finite number")).ToArray();
        return scores.Length == count ? scores : throw new FormatException($"{count} texts were sent, but {scores.Length} scores came back");
    }
}
