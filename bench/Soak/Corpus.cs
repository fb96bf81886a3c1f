using ActorEmbed.Inference;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;

namespace ActorEmbed.Soak;

/// <summary>Texts and the vectors that they must get.</summary>
internal sealed class Corpus
{
    // Enough that batches differ, few enough that their vectors are computed at once.
    private const int Size = 2000;

    private static readonly string[] Words =
    [
        "library", "train", "Haus", "Zug", "maison", "école", "cielo", "perro", "дом", "поезд", "书", "火车", "駅", "学校",
        "책", "기차", "كتاب", "ev", "tren", "rower", "a", "the", "und", "le", "el", "и", "123", "2026", "!", "?",
    ];

    private readonly float[][] _vectors;

    public Corpus()
    {
        var random = new Random(1);
        Texts = [.. Enumerable.Range(0, Size).Select(i => $"{i} " + string.Join(' ', Enumerable.Range(0, random.Next(1, 60)).Select(_ => Words[random.Next(Words.Length)])))];
        using var model = ModelLoader.Load(EmbeddedModel.Directory);
        _vectors = [.. model.Embed(Texts).Select(e => VectorNorm.Normalize(e.Vector))];
    }

    public string[] Texts { get; }

    public static int[] Pick(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Size))];

    /// <summary>Whether these are the vectors of those texts, in that order.</summary>
    public bool IsRight(int[] texts, float[][] vectors)
    {
        // What batching may change in a vector, see ReferenceVectorTests.
        const float tolerance = 1e-5f;
        return vectors.Length == texts.Length && texts.Zip(vectors).All(pair =>
            pair.Second.Length == _vectors[pair.First].Length
            && pair.Second.Zip(_vectors[pair.First], (actual, expected) => Math.Abs(actual - expected) <= tolerance).All(close => close));
    }
}
