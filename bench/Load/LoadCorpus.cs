namespace ActorEmbed.Load;

/// <summary>Texts with lengths as people write them: lognormal, about 20 tokens on average, 128 at most.</summary>
internal static class LoadCorpus
{
    // exp(mu + sigma^2 / 2) is about 15 words: with the two special tokens and words of more than one piece, 20 tokens.
    private const double Mu = 2.4;
    private const double Sigma = 0.8;
    private const int MaxWords = 90;

    private static readonly string[] Words =
    [
        "library", "train", "morning", "window", "Haus", "Zug", "Bibliothek", "maison", "école", "cielo", "perro",
        "дом", "поезд", "книга", "书", "火车", "駅", "学校", "책", "기차", "كتاب", "ev", "tren", "rower", "a", "the",
        "und", "le", "el", "и", "of", "to", "in", "with", "2026", "seven", "opens", "closes",
    ];

    public static string Text(Random random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var words = (int)Math.Clamp(Math.Exp(Mu + (Sigma * normal)), 1, MaxWords);
        return LongText(random, words);
    }

    /// <summary>So many words.</summary>
    public static string LongText(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));

    /// <summary>Every request is of other texts: nothing is answered from a duplicate.</summary>
    public static string[] Texts(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Text(random))];
}
