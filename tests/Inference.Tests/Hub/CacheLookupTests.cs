using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class CacheLookupTests
{
    private static readonly string[] NeededFiles =
    [
        "modules.json", Config, "sentence_bert_config.json", "1_Pooling/config.json", "sentencepiece.bpe.model", WeightsFile,
    ];

    [Fact]
    public async Task A_model_that_another_tool_cached_is_found_without_a_call()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths);

        Assert.Equal(bench.Snapshot, bench.Find());
        Assert.Equal(bench.Snapshot, await bench.PullAsync());
        Assert.Empty(bench.Hub.Requests);
    }

    [Fact]
    public async Task A_model_that_another_tool_cached_as_plain_files_is_found()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths, useLinks: false);

        Assert.Equal(bench.Snapshot, bench.Find());
    }

    [Fact]
    public async Task A_blob_that_is_itself_a_link_is_found()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths);
        var shared = Path.Combine(bench.Options.CacheDirectory, "shared");
        File.Move(bench.Blob(WeightsFile), shared);
        File.CreateSymbolicLink(bench.Blob(WeightsFile), "../../shared");

        Assert.Equal(bench.Snapshot, bench.Find());
    }

    [Theory]
    [MemberData(nameof(EachNeededFile))]
    public async Task A_snapshot_that_lacks_a_needed_file_is_completed_with_that_file(string lacking)
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths.Where(path => path != lacking && path != "tokenizer.json"));

        Assert.Null(bench.Find());
        await bench.PullAsync();

        Assert.Equal(
            new[] { MisbehavingHub.Listing, lacking },
            bench.Hub.Requests.Select(request => request.File).Distinct());
        bench.AssertWhole(lacking);
    }

    [Theory]
    [MemberData(nameof(EachNeededFile))]
    public async Task A_link_that_leads_nowhere_is_not_a_file(string broken)
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths.Where(path => path != "tokenizer.json"));
        File.Delete(bench.Blob(broken));

        Assert.Null(bench.Find());
        await bench.PullAsync();

        bench.AssertWhole(broken);
    }

    [Fact]
    public async Task A_cached_file_of_the_wrong_size_is_replaced()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths.Where(path => path != Config));
        await File.WriteAllBytesAsync(bench.Blob(WeightsFile), [1, 2, 3]);

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task That_a_repository_has_no_such_file_is_remembered()
    {
        var repository = HubRepository.TinyModel().Remove("sentence_bert_config.json");
        await using var bench = await PullBench.StartAsync(repository);

        await bench.PullAsync();
        var calls = bench.Hub.Requests.Count;
        await bench.PullAsync();

        Assert.Equal(calls, bench.Hub.Requests.Count);
        Assert.True(File.Exists(Path.Combine(
            bench.ModelDirectory, ".no_exist", repository.Commit, "sentence_bert_config.json")));
    }

    [Fact]
    public async Task A_tokenizer_that_only_other_tools_prefer_is_not_taken_for_ours()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths.Where(path => path != "sentencepiece.bpe.model"));

        await bench.PullAsync();

        bench.AssertWhole("sentencepiece.bpe.model");
    }

    [Fact]
    public async Task Offline_a_cached_model_is_found_and_no_call_is_made()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths);
        bench.Options = bench.Options with { IsOffline = true };

        Assert.Equal(bench.Snapshot, await bench.PullAsync());

        Assert.Empty(bench.Hub.Requests);
    }

    [Fact]
    public async Task Offline_what_cannot_be_proven_absent_is_taken_to_be_so()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths.Where(path => path != "sentence_bert_config.json"));

        Assert.Null(bench.Find());
        bench.Options = bench.Options with { IsOffline = true };

        Assert.Equal(bench.Snapshot, bench.Find());
    }

    [Fact]
    public async Task Offline_an_absent_model_is_an_error_without_a_call()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Options = bench.Options with { IsOffline = true };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.OfflineAndAbsent, failure.Failure);
        Assert.Contains(bench.Options.CacheDirectory, failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_HUB_OFFLINE", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Hub.Requests);
    }

    [Fact]
    public async Task Offline_an_incomplete_model_is_an_error_that_says_what_is_missing()
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths.Where(path => path != "1_Pooling/config.json"));
        bench.Options = bench.Options with { IsOffline = true };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.OfflineAndAbsent, failure.Failure);
        Assert.Contains("lacks 1_Pooling/config.json", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("main")]
    [InlineData("../../../../../etc")]
    public async Task A_branch_that_names_no_commit_finds_nothing(string content)
    {
        await using var bench = await PullBench.StartAsync();
        CacheAsAnotherTool(bench, bench.Hub.Repository.Paths);
        await File.WriteAllTextAsync(Path.Combine(bench.ModelDirectory, "refs", "main"), content);

        Assert.Null(bench.Find());
    }

    public static TheoryData<string> EachNeededFile() => [.. NeededFiles];

    private static void CacheAsAnotherTool(PullBench bench, IEnumerable<string> paths, bool useLinks = true)
    {
        foreach (var path in paths.ToList())
        {
            var target = Path.Combine([bench.Snapshot, .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (!useLinks)
            {
                File.WriteAllBytes(target, bench.Hub.Repository[path]);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(bench.Blob(path))!);
            File.WriteAllBytes(bench.Blob(path), bench.Hub.Repository[path]);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, bench.Blob(path)));
        }

        Directory.CreateDirectory(Path.Combine(bench.ModelDirectory, "refs"));
        File.WriteAllText(Path.Combine(bench.ModelDirectory, "refs", "main"), bench.Hub.Repository.Commit);
    }
}
