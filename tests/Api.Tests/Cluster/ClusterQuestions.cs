using System.Text.Json;
using ActorEmbed.Inference;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>What a load asks, and what it must get.</summary>
/// <param name="path">Where it asks.</param>
/// <param name="bodyOf">What it sends to ask for some texts.</param>
/// <param name="answersOf">What is in an answer for each text.</param>
/// <param name="compute">What has to be there, as the model alone gives it.</param>
internal sealed class ClusterQuestions(
    string path, Func<IEnumerable<string>, object> bodyOf, Func<JsonElement, float[][]> answersOf, Func<IReadOnlyList<string>, float[][]> compute)
{
    private const int DistinctTexts = 400;

    // What batching may change in a vector, see ReferenceVectorTests.
    private const float Tolerance = 1e-5f;

    private const string Query = "word3 word40 word500";

    private static readonly string[] Texts =
        [.. Enumerable.Range(0, DistinctTexts).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 30)).Select(w => $"word{(i * 31) + w}")))];

    private readonly Lazy<float[][]> _known = new(() => compute(Texts));

    /// <summary>The model that <see cref="Scores"/> are of.</summary>
    public static string Reranker { get; } = TestModels.Reranker("bert-sigmoid-tiny");

    /// <summary>The vectors of texts, by the only model or the first of several.</summary>
    public static ClusterQuestions Vectors { get; } = new(
        "/embed", texts => new { texts }, body => body.GetProperty("vectors").Deserialize<float[][]>()!, ComputeVectors);

    /// <summary>The scores of texts against a query, by the only model that can rank.</summary>
    public static ClusterQuestions Scores { get; } = new(
        "/rank", texts => new { query = Query, texts }, body => [.. body.GetProperty("scores").Deserialize<float[]>()!.Select(score => new[] { score })], ComputeScores);

    public string Path => path;

    /// <summary>Some texts, by their numbers.</summary>
    public static int[] Choose(Random random, int most) => [.. Enumerable.Range(0, random.Next(1, most)).Select(_ => random.Next(DistinctTexts))];

    public object BodyOf(int[] texts) => bodyOf(texts.Select(text => Texts[text]));

    public bool IsRight(int[] texts, JsonElement body)
    {
        var answers = answersOf(body);
        return answers.Length == texts.Length && texts.Zip(answers).All(pair =>
            _known.Value[pair.First].Zip(pair.Second, (e, a) => Math.Abs(e - a)).Max() <= Tolerance);
    }

    private static float[][] ComputeVectors(IReadOnlyList<string> texts)
    {
        using var model = ModelLoader.Load(TestModels.XlmrTiny, new ModelOptions { Threads = 1 });
        return [.. model.Embed(texts).Select(e => VectorNorm.Normalize(e.Vector))];
    }

    private static float[][] ComputeScores(IReadOnlyList<string> texts)
    {
        using var model = ModelLoader.Load(Reranker, new ModelOptions { Threads = 1 });
        return [.. model.Embed([.. texts.Select(text => EmbeddingInput.FromPair(Query, text))]).Select(e => new[] { model.Info.ScoreActivation.Apply(e.Vector[0]) })];
    }
}
