using System.Globalization;
using System.Text;

namespace ActorEmbed.Bench.Real;

/// <summary>Pairs of sentences with a score of how much they mean the same, such as the STS benchmark.</summary>
internal static class StsFile
{
    /// <summary>Lines of sentence, sentence, score; fields may be quoted. What has no number in the third is a heading.</summary>
    public static IReadOnlyList<(string First, string Second, double Score)> Read(string path)
    {
        var pairs = new List<(string, string, double)>();
        foreach (var line in File.ReadLines(path))
        {
            if (Fields(line) is [var first, var second, var score, ..] && double.TryParse(score, CultureInfo.InvariantCulture, out var number))
                pairs.Add((first, second, number));
        }

        return pairs.Count > 1 ? pairs : throw new InvalidDataException($"{path} has no lines of sentence, sentence, score.");
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var isDoubled = isQuoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"';
            if (isDoubled)
                field.Append(line[i++]);
            else if (line[i] == '"')
                isQuoted = !isQuoted;
            else if (line[i] == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(line[i]);
        }

        fields.Add(field.ToString());
        return fields;
    }
}
