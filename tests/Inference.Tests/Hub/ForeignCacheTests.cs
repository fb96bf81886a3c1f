using System.Text.Json;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Tests.Repositories;
using ActorEmbed.Tests.Shared.Hub;
using Google.Protobuf;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

/// <summary>Caches that snapshot_download filled: all files, no notes on those that are absent, a list of the commit.</summary>
public sealed class ForeignCacheTests
{
    [Theory]
    [InlineData("""{"version":1,"entries":[ENTRIES]}""", true)]
    [InlineData("[ENTRIES]", true)]
    [InlineData("{OBJECTS}", true)]
    [InlineData("""{"files":{OBJECTS}}""", true)]
    [InlineData("damaged", false)]
    [InlineData("""{"of":"another kind"}""", false)]
    public async Task The_list_of_a_commit_proves_what_it_lacks(string form, bool isProof)
    {
        await using var bench = await PullBench.StartAsync(OnlyGraph());
        Fill(bench);
        WriteTree(bench, form);

        Assert.Equal(isProof ? bench.Snapshot : null, bench.Find());
        Assert.Empty(bench.Hub.Requests);
    }

    [Fact]
    public async Task A_file_that_the_list_has_and_the_snapshot_lacks_is_fetched()
    {
        await using var bench = await PullBench.StartAsync(OnlyGraph().Put("sentence_bert_config.json", [.. """{"max_seq_length":7}"""u8]));
        Fill(bench, but: "sentence_bert_config.json");
        WriteTree(bench, "[ENTRIES]");

        Assert.Null(bench.Find());
        await bench.PullAsync();

        bench.AssertWhole("sentence_bert_config.json");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(429)]
    public async Task A_hub_that_does_not_answer_keeps_no_model_from_being_used(int status)
    {
        await using var bench = await PullBench.StartAsync(OnlyGraph());
        Fill(bench);
        bench.Hub.Fail(MisbehavingHub.Listing, new HubFault.Status(status), MisbehavingHub.Always);

        Assert.Equal(bench.Snapshot, await bench.PullAsync());

        Assert.Contains(bench.Notes, note => note.Contains("taken as it is in the cache", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_is_told_where_the_model_is_not_whole()
    {
        await using var bench = await PullBench.StartAsync(OnlyGraph());
        Fill(bench, but: Config);
        bench.Hub.Fail(MisbehavingHub.Listing, new HubFault.Status(500), MisbehavingHub.Always);

        Assert.Equal(PullFailure.ServerError, (await bench.FailToPullAsync()).Failure);
    }

    [Fact]
    public async Task A_cache_that_may_only_be_read_is_enough_for_a_model_that_is_whole_in_it()
    {
        await using var bench = await PullBench.StartAsync(OnlyGraph());
        Fill(bench);
        // Stands for a directory of another user: nothing can be created below a file, whoever runs the tests.
        await File.WriteAllTextAsync(Path.Combine(bench.Options.CacheDirectory, ".locks"), "");

        Assert.Equal(bench.Snapshot, await bench.PullAsync());

        Assert.Contains(bench.Hub.Requests, request => request.File == MisbehavingHub.Listing);
    }

    private static HubRepository OnlyGraph() => HubRepository.TinyModel().Remove(WeightsFile).Remove("sentence_bert_config.json")
        .Put("onnx/model.onnx", GraphBytes.Encoder().ToByteArray());

    private static void Fill(PullBench bench, string? but = null)
    {
        foreach (var path in bench.Hub.Repository.Paths.Where(path => path != but))
        {
            var target = Path.Combine([bench.Snapshot, .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, bench.Hub.Repository[path]);
        }

        Directory.CreateDirectory(Path.Combine(bench.ModelDirectory, "refs"));
        File.WriteAllText(Path.Combine(bench.ModelDirectory, "refs", "main"), bench.Hub.Repository.Commit);
    }

    private static void WriteTree(PullBench bench, string form)
    {
        var repository = bench.Hub.Repository;
        var entries = repository.Paths.Select(path => JsonSerializer.Serialize(new { path, size = repository[path].Length, blob_id = repository.GitName(path) }));
        var objects = repository.Paths.Select(path => $"{JsonSerializer.Serialize(path)}:{JsonSerializer.Serialize(new { size = repository[path].Length })}");
        var file = Path.Combine(bench.ModelDirectory, "trees", repository.Commit + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, form.Replace("ENTRIES", string.Join(',', entries), StringComparison.Ordinal).Replace("OBJECTS", string.Join(',', objects), StringComparison.Ordinal));
    }
}
