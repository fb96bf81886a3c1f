using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Tests.Repositories;
using ActorEmbed.Tests.Shared.Hub;
using Google.Protobuf;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class PullTests
{
    [Fact]
    public async Task A_pull_takes_the_needed_files_and_no_others()
    {
        await using var bench = await PullBench.StartAsync();

        var snapshot = await bench.PullAsync();

        Assert.Equal(bench.Snapshot, snapshot);
        string[] expected =
        [
            "1_Pooling/config.json", "config.json", "model.safetensors", "modules.json", "sentence_bert_config.json",
            "sentencepiece.bpe.model", "special_tokens_map.json", "tokenizer_config.json",
        ];
        Assert.Equal(expected, Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(snapshot, path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.All(expected, bench.AssertWhole);
        Assert.Equal(
            expected.Append(MisbehavingHub.Listing).Order(StringComparer.Ordinal),
            bench.Hub.Requests.Select(request => request.File).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_cache_has_the_layout_of_huggingface_hub()
    {
        await using var bench = await PullBench.StartAsync();

        await bench.PullAsync();

        var repository = bench.Hub.Repository;
        Assert.Equal(repository.Commit, await File.ReadAllTextAsync(Path.Combine(bench.ModelDirectory, "refs", "main")));
        Assert.Equal(
            $"../../blobs/{repository.Sha256(WeightsFile)}", new FileInfo(Path.Combine(bench.Snapshot, WeightsFile)).LinkTarget);
        Assert.Equal(
            $"../../../blobs/{repository.GitName("1_Pooling/config.json")}",
            new FileInfo(Path.Combine(bench.Snapshot, "1_Pooling", "config.json")).LinkTarget);
        Assert.Equal(repository[WeightsFile], await File.ReadAllBytesAsync(bench.Blob(WeightsFile)));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(bench.ModelDirectory, "blobs")),
            path => path.EndsWith(".incomplete", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(
            bench.Options.CacheDirectory, ".locks", Path.GetFileName(bench.ModelDirectory), repository.Sha256(WeightsFile) + ".lock")));
    }

    [Fact]
    public async Task A_second_pull_makes_no_call()
    {
        await using var bench = await PullBench.StartAsync();
        await bench.PullAsync();
        var calls = bench.Hub.Requests.Count;

        Assert.Equal(bench.Snapshot, await bench.PullAsync());

        Assert.Equal(calls, bench.Hub.Requests.Count);
    }

    [Fact]
    public async Task A_model_without_safetensors_is_pulled_as_onnx_with_its_external_data()
    {
        // As BAAI/bge-m3 has it: a constant of the graph lies in a file of a name that follows no rule.
        var graph = GraphBytes.Encoder();
        graph.Graph.Initializer.Add(GraphBytes.Tensor("weights", "model.onnx_data"));
        graph.Graph.Node.Add(GraphBytes.Constant("Constant_7_attr__value"));
        var repository = HubRepository.TinyModel().Remove(WeightsFile).Put("onnx/model.onnx", graph.ToByteArray())
            .Put("onnx/model.onnx_data", [1, 2, 3]).Put("onnx/Constant_7_attr__value", [4]).Put("onnx/model.onnx_extra", [5]);
        await using var bench = await PullBench.StartAsync(repository);

        await bench.PullAsync();

        bench.AssertWhole("onnx/model.onnx");
        bench.AssertWhole("onnx/model.onnx_data");
        bench.AssertWhole("onnx/Constant_7_attr__value");
        Assert.False(File.Exists(Path.Combine(bench.Snapshot, "onnx/model.onnx_extra")));
        Assert.Equal(bench.Snapshot, bench.Find());
        File.Delete(Path.Combine(bench.Snapshot, "onnx/Constant_7_attr__value"));
        Assert.Null(bench.Find());
    }

    [Fact]
    public async Task A_variant_is_pulled_beside_the_main_weights_with_one_more_file()
    {
        await using var bench = await PullBench.StartAsync();
        await bench.PullAsync();
        var variant = ModelReference.Parse(bench.Model.Id, variant: "O4");
        Assert.Null(bench.Find(variant));
        var calls = bench.Hub.Requests.Count;

        await bench.PullAsync(variant);

        bench.AssertWhole("onnx/model_O4.onnx");
        Assert.Equal(
            [MisbehavingHub.Listing, "onnx/model_O4.onnx"],
            bench.Hub.Requests.Skip(calls).Where(request => request.IsContent).Select(request => request.File));
        Assert.NotNull(bench.Find(variant));
    }

    [Fact]
    public async Task A_pull_of_a_commit_needs_no_branch()
    {
        await using var bench = await PullBench.StartAsync();
        var pinned = ModelReference.Parse(bench.Model.Id, bench.Hub.Repository.Commit);

        await bench.PullAsync(pinned);

        Assert.Equal(bench.Snapshot, bench.Find(pinned));
        Assert.False(Directory.Exists(Path.Combine(bench.ModelDirectory, "refs")));
    }

    [Fact]
    public async Task A_revision_with_a_slash_is_one_segment_of_the_address_and_two_of_the_path()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Repository.Revision = "refs/pr/7";
        var reference = ModelReference.Parse(bench.Model.Id, "refs/pr/7");

        await bench.PullAsync(reference);

        Assert.True(File.Exists(Path.Combine(bench.ModelDirectory, "refs", "refs", "pr", "7")));
        Assert.NotNull(bench.Find(reference));
    }

    [Fact]
    public async Task Two_revisions_share_the_files_that_are_the_same()
    {
        await using var bench = await PullBench.StartAsync();
        await bench.PullAsync();
        bench.Hub.Repository.Put(Config, [.. bench.Hub.Repository[Config], (byte)'\n']).Revision = "v2";
        var calls = bench.Hub.Requests.Count;

        await bench.PullAsync(ModelReference.Parse(bench.Model.Id, "v2"));

        Assert.Equal(
            [MisbehavingHub.Listing, Config],
            bench.Hub.Requests.Skip(calls).Where(request => request.IsContent).Select(request => request.File));
    }

    [Fact]
    public async Task Without_links_the_snapshot_holds_the_files_once()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Options = bench.Options with { UseSymlinks = false };

        await bench.PullAsync();

        var weights = new FileInfo(Path.Combine(bench.Snapshot, WeightsFile));
        Assert.Null(weights.LinkTarget);
        Assert.Equal(bench.Hub.Repository[WeightsFile].Length, weights.Length);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.ModelDirectory, "blobs")));
        Assert.Equal(bench.Snapshot, bench.Find());
    }

    [Fact]
    public async Task The_progress_ends_with_all_bytes()
    {
        await using var bench = await PullBench.StartAsync();

        await bench.PullAsync();

        var last = bench.Progress[^1];
        Assert.Equal(PullStage.Done, last.Stage);
        Assert.Equal(1, last.Fraction);
        Assert.Equal(
            Directory.EnumerateFiles(bench.Snapshot, "*", SearchOption.AllDirectories).Sum(path => File.ReadAllBytes(path).LongLength),
            last.Bytes);
        Assert.Contains(bench.Progress, progress => progress is { File: WeightsFile, Stage: PullStage.Downloading }
                                                    && progress.FileBytes < progress.FileSize);
        Assert.All(bench.Progress, progress => Assert.InRange(progress.Bytes, 0, progress.Size));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_the_file_server()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.RequiredToken = "hf_secret";
        bench.Options = bench.Options with { Token = "hf_secret" };

        await bench.PullAsync();

        Assert.Contains(bench.Hub.Requests, request => request.IsFileServer);
        Assert.All(bench.Hub.Requests, request =>
            Assert.Equal(request.IsFileServer ? null : "Bearer hf_secret", request.Authorization));
    }

    [Fact]
    public async Task A_renamed_model_is_followed_with_the_token_and_kept_under_the_name_that_was_asked_for()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.FormerId = "former-owner/former-name";
        bench.Hub.Character.RequiredToken = "hf_secret";
        bench.Options = bench.Options with { Token = "hf_secret" };

        var snapshot = await bench.PullAsync(ModelReference.Parse("former-owner/former-name"));

        Assert.Contains("models--former-owner--former-name", snapshot, StringComparison.Ordinal);
        Assert.Equal(bench.Hub.Repository[WeightsFile], await File.ReadAllBytesAsync(Path.Combine(snapshot, WeightsFile)));
    }

    [Fact]
    public async Task A_cancelled_pull_keeps_what_arrived()
    {
        await using var bench = await PullBench.StartAsync();
        using var cancellation = new CancellationTokenSource();
        const int sent = 100_000;
        bench.Hub.Fail(WeightsFile, new HubFault.Stall(sent));
        var pull = new CancelAt(sent, cancellation);
        using var hub = new ModelHub(bench.Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.PullAsync(bench.Model, pull, cancellation.Token));

        Assert.Equal(sent, new FileInfo(bench.Partial(WeightsFile)).Length);
        bench.AssertNoModel();
    }

    private sealed class CancelAt(long bytes, CancellationTokenSource source) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            if (value.File == WeightsFile && value.FileBytes >= bytes)
                source.Cancel();
        }
    }
}
