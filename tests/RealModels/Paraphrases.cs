namespace ActorEmbed.Tests.RealModels;

/// <summary>Pairs of English sentences that say the same in different words, written for this project.</summary>
public static class Paraphrases
{
    private const string Resource = "paraphrases.txt";

    /// <summary>One pair a line, divided by a tab.</summary>
    public static IReadOnlyList<(string First, string Second)> Read()
    {
        using var stream = typeof(Paraphrases).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.TrimEnd('\r').Split('\t'))
                .Select(pair => (pair[0], pair[1])),
        ];
    }
}
