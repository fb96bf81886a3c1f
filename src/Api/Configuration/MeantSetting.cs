using System.Text.RegularExpressions;

namespace ActorEmbed.Api.Configuration;

/// <summary>
/// What a variable that is no setting was meant to be. A secret under a wrong name is no secret: the port that it should
/// have shut would be open, so every word that people use for one counts.
/// </summary>
internal static partial class MeantSetting
{
    private static readonly string[] WordsForSecrets =
        ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "AUTH", "AUTHORIZATION", "BEARER", "CREDENTIAL", "JWT"];

    // "MAX_TOKENS" counts what a model reads.
    private static readonly string[] WordsForAmounts = ["MAX", "MIN", "PER", "BATCH", "COUNT", "LIMIT"];

    // One letter in four may be wrong: MAXTEXT, PROT, EXPECT_MODEL.
    private const int LettersForEachError = 4;

    /// <summary>The setting; null where it resembles none.</summary>
    /// <param name="name">What follows the prefix.</param>
    public static Setting? Of(string name)
    {
        var letters = Letters(name);
        return Setting.All.FirstOrDefault(setting => Letters(setting.Path) == letters)
            ?? Secret(name, letters)
            ?? Nearest(letters);
    }

    private static Setting? Secret(string name, string letters)
    {
        var words = Word().Matches(name).Select(match => match.Value.ToUpperInvariant()).ToArray();
        if (words.Intersect(WordsForAmounts, StringComparer.Ordinal).Any() || !words.Any(IsForSecrets))
            return null;
        var isOfCluster = letters.Contains("CLUSTER", StringComparison.Ordinal) || letters is "SECRET" or "SECRETS";
        return Setting.Named(isOfCluster ? "Cluster:Secret" : nameof(ServerOptions.ApiKey));
    }

    // With others before it and without a space: APIKEY, AUTHTOKEN.
    private static bool IsForSecrets(string word) => WordsForSecrets.Any(secret =>
        word.EndsWith(secret, StringComparison.Ordinal) || word.EndsWith(secret + "S", StringComparison.Ordinal));

    private static Setting? Nearest(string letters) => Setting.All
        .Select(setting => (Setting: setting, Errors: Math.Min(Distance(letters, Letters(setting.Path)), Distance(letters, Letters(setting.Path.Split(':')[^1])))))
        .Where(candidate => candidate.Errors <= Math.Max(1, letters.Length / LettersForEachError))
        .OrderBy(candidate => candidate.Errors)
        .Select(candidate => candidate.Setting)
        .FirstOrDefault();

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    /// <summary>How many letters are wrong, missing, too many, or in the place of their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var distances = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var best = Math.Min(
                    Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1,
                    distances[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, distances[i - 2, j - 2] + 1);
                distances[i, j] = best;
            }
        }

        return distances[a.Length, b.Length];
    }

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+|[0-9]+")]
    private static partial Regex Word();
}
