using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

/// <summary>Hubs that are not the real one, and the real one where its lists fall short.</summary>
public sealed class MirrorTests
{
    [Fact]
    public async Task An_odd_name_that_nobody_needs_keeps_no_model_from_being_pulled()
    {
        await using var bench = await PullBench.StartAsync(HubRepository.TinyModel().Put("runs/2024-01-01T10:00:00/log", [1]));

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_list_without_hashes_is_completed_by_the_tree()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.HasBlobs = false;

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
        Assert.DoesNotContain(bench.Hub.Requests, request => request.Method == "HEAD");
    }

    [Fact]
    public async Task Hashes_that_no_list_has_are_those_of_the_files_headers()
    {
        await using var bench = await PullBench.StartAsync();
        (bench.Hub.Character.HasBlobs, bench.Hub.Character.HasTree, bench.Hub.Character.RefusesQueries) = (false, false, true);

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
        bench.AssertWhole(Config);
        Assert.True(File.Exists(bench.Blob(WeightsFile)));
        Assert.True(File.Exists(bench.Blob(Config)));
        Assert.DoesNotContain(bench.Hub.Requests, request => request is { Method: "HEAD", IsFileServer: true });
    }

    [Fact]
    public async Task A_mirror_that_knows_no_query_is_asked_without_one()
    {
        await using var bench = await PullBench.StartAsync();
        (bench.Hub.Character.RefusesQueries, bench.Hub.Character.HasTree) = (true, false);

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_list_that_is_cut_short_is_completed_by_the_pages_of_the_tree(int shown)
    {
        await using var bench = await PullBench.StartAsync();
        (bench.Hub.Character.SiblingsShown, bench.Hub.Character.TreePageFiles) = (shown, 4);

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
        Assert.Equal(bench.Snapshot, bench.Find());
    }

    [Fact]
    public async Task What_a_cut_list_lacks_is_not_written_down_as_absent()
    {
        // The tree of this hub is unknown, and its list is long enough to be a cut one.
        var repository = HubRepository.TinyModel().Remove("sentence_bert_config.json");
        for (var i = 0; i < 1000; i++)
            repository.Put($"zz/{i}", [1]);
        await using var bench = await PullBench.StartAsync(repository);
        bench.Hub.Character.HasTree = false;

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
        Assert.False(Directory.Exists(Path.Combine(bench.ModelDirectory, ".no_exist")));
    }

    [Fact]
    public async Task Pages_that_lead_to_another_host_are_not_followed()
    {
        await using var other = await MisbehavingHub.StartAsync(HubRepository.TinyModel());
        await using var bench = await PullBench.StartAsync();
        (bench.Hub.Character.SiblingsShown, bench.Hub.Character.TreePageFiles, bench.Hub.Character.NextPagesAt) = (0, 4, other.Endpoint);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Protocol, failure.Failure);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_mirror_that_redirects_to_the_hub_is_followed_and_gets_the_only_token()
    {
        await using var bench = await PullBench.StartAsync();
        await using var mirror = await MisbehavingHub.StartAsync(HubRepository.TinyModel());
        mirror.Character.RedirectsTo = new Uri($"http://localhost:{bench.Hub.Endpoint.Port}");
        bench.Options = bench.Options with { Endpoint = mirror.Endpoint, Token = "hf_secret" };

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
        Assert.All(mirror.Requests, request => Assert.Equal("Bearer hf_secret", request.Authorization));
        Assert.All(bench.Hub.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task A_refusal_of_the_hub_behind_a_mirror_is_told_at_once_and_where_the_token_went()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.RequiredToken = "hf_secret";
        await using var mirror = await MisbehavingHub.StartAsync(HubRepository.TinyModel());
        mirror.Character.RedirectsTo = new Uri($"http://localhost:{bench.Hub.Endpoint.Port}");
        bench.Options = bench.Options with { Endpoint = mirror.Endpoint, Token = "hf_secret" };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Unauthorized, failure.Failure);
        Assert.Contains($"redirects to localhost:{bench.Hub.Endpoint.Port}, which gets no token: set HF_ENDPOINT", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Clock!.Waits);
    }
}
