using ActorEmbed.Tests.Shared.Models;
using Xunit.Abstractions;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>An embedder and a reranker in one cluster of real processes, both under load, while nodes are killed.</summary>
[Collection(ClusterTestsAlone.Name)]
public sealed class SeveralModelsProcessTests(ITestOutputHelper output)
{
    private const int OnlyEmbedder = 2;

    // More than are under way at any time: so that what happens in between has met requests.
    private const int SomeAnswers = 40;

    private static readonly string[] Both = [TestModels.XlmrTiny, ClusterQuestions.Reranker];

    [PosixFact]
    public async Task Whichever_node_is_killed_the_requests_of_both_models_are_answered_by_those_that_have_them()
    {
        ClusterUnderTest.WorkerPlace[] places =
            [ClusterUnderTest.PlaceHere() with { Models = Both }, ClusterUnderTest.PlaceHere() with { Models = Both }, ClusterUnderTest.PlaceHere()];
        await using var cluster = new ClusterUnderTest(places: places, expected: Both);
        await cluster.AwaitWorkersAsync();
        await cluster.AwaitAsync(async () => (await cluster.InfoAsync(ClusterQuestions.Reranker)).GetProperty("nodes").GetArrayLength() == 2);
        await using var vectors = new ClusterLoad(cluster.Client, mayRetry: false);
        await using var scores = new ClusterLoad(cluster.Client, mayRetry: false, ClusterQuestions.Scores);
        await AwaitAnswersAsync();

        cluster.Workers[1].Kill();
        await AwaitAnswersAsync();
        await cluster.RestartWorkerAsync(1);
        foreach (var model in Both)
            await cluster.AwaitWorkingAsync(1, model);

        cluster.Workers[OnlyEmbedder].Kill();
        await AwaitAnswersAsync();
        await cluster.RestartWorkerAsync(OnlyEmbedder);
        await cluster.AwaitWorkingAsync(OnlyEmbedder);

        Assert.DoesNotContain(
            (await cluster.InfoAsync(ClusterQuestions.Reranker)).GetProperty("nodes").EnumerateArray(),
            node => node.GetProperty("address").GetString() == places[OnlyEmbedder].Address);
        await vectors.AssertNothingLostAsync(() => AnsweredAsync(TestModels.XlmrTiny), output.WriteLine);
        await scores.AssertNothingLostAsync(() => AnsweredAsync(ClusterQuestions.Reranker), output.WriteLine);

        Task AwaitAnswersAsync()
        {
            var enough = (Vectors: vectors.Answered + SomeAnswers, Scores: scores.Answered + SomeAnswers);
            return cluster.AwaitAsync(() =>
            {
                Assert.Equal(("", ""), (vectors.FirstFailure, scores.FirstFailure));
                return Task.FromResult(vectors.Answered >= enough.Vectors && scores.Answered >= enough.Scores);
            });
        }

        async Task<long> AnsweredAsync(string model) => (await cluster.InfoAsync(model)).GetProperty("counters").GetProperty("answered").GetInt64();
    }
}
