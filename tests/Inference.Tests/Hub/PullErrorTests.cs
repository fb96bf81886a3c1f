using System.Net;
using System.Net.Sockets;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class PullErrorTests
{
    [Fact]
    public async Task No_network_says_which_host_and_what_to_check()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Options = bench.Options with { Endpoint = new Uri($"http://127.0.0.1:{UnusedPort()}") };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Network, failure.Failure);
        Assert.Contains($"Cannot reach {bench.Options.Endpoint.Authority}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HTTPS_PROXY", failure.Message, StringComparison.Ordinal);
        Assert.Equal(bench.Options.MaxFruitlessRetries, bench.Clock!.Waits.Count);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("hf_not_accepted", 403)]
    public async Task A_gated_model_names_the_page_where_access_is_granted_and_what_the_hub_says(string? token, int status)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.IsGated = true;
        bench.Options = bench.Options with { Token = token };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Gated, failure.Failure);
        Assert.Contains($"({status}, modules.json)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("awaiting a review", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{bench.Hub.Endpoint}{bench.Model.Id}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Clock!.Waits);
        Assert.DoesNotContain(bench.Hub.Requests, request => request.File == WeightsFile);
        bench.AssertNoModel();
    }

    [Fact]
    public async Task A_model_that_does_not_exist_may_also_be_private()
    {
        await using var bench = await PullBench.StartAsync();

        var failure = await bench.FailToPullAsync(ModelReference.Parse("nobody/nothing"));

        Assert.Equal(PullFailure.Unauthorized, failure.Failure);
        Assert.Contains("nobody/nothing does not exist", failure.Message, StringComparison.Ordinal);
        Assert.Contains("private", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_blamed_and_not_shown()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.RequiredToken = "right";
        bench.Options = bench.Options with { Token = "hf_wrong" };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Unauthorized, failure.Failure);
        Assert.Contains("refuses the token", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_wrong", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hf_wrong", bench.Options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denied_access_says_what_the_hub_says()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(MisbehavingHub.Listing, new HubFault.Status(403) { ErrorMessage = "Access to this resource is disabled." });

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Unauthorized, failure.Failure);
        Assert.Contains("\"Access to this resource is disabled\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_not_found_is_told_from_a_revision()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(MisbehavingHub.Listing, new HubFault.Status(404) { ErrorCode = "RepoNotFound" });
        bench.Options = bench.Options with { Token = "hf_other" };

        var repository = await bench.FailToPullAsync();
        var revision = await bench.FailToPullAsync(ModelReference.Parse(bench.Model.Id, "v9"));

        Assert.Equal(PullFailure.NotFound, repository.Failure);
        Assert.StartsWith($"There is no model {bench.Model.Id} on", repository.Message, StringComparison.Ordinal);
        Assert.Contains("this token may not read it", repository.Message, StringComparison.Ordinal);
        Assert.Equal(PullFailure.NotFound, revision.Failure);
        Assert.Contains("has no revision 'v9'", revision.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_listed_and_not_there_is_named()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(Config, new HubFault.Status(404) { ErrorCode = "EntryNotFound" });

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.NotFound, failure.Failure);
        Assert.Contains($"lists {Config}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variant_that_does_not_exist_is_answered_with_those_that_do()
    {
        await using var bench = await PullBench.StartAsync();

        var failure = await bench.FailToPullAsync(ModelReference.Parse(bench.Model.Id, variant: "O9"));

        Assert.Equal(PullFailure.NotFound, failure.Failure);
        Assert.Contains("no onnx/model_O9.onnx: its variants are O4, qint8_avx512_vnni", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_a_model_that_can_be_run_is_refused_before_anything_large_is_fetched()
    {
        var repository = HubRepository.TinyModel().Remove(WeightsFile).Remove("onnx/model.onnx")
            .Remove("onnx/model_O4.onnx").Remove("onnx/model_qint8_avx512_vnni.onnx");
        await using var bench = await PullBench.StartAsync(repository);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.NotSupported, failure.Failure);
        Assert.Contains("as there is no model.safetensors, and there is no ONNX graph (onnx/model.onnx or model.onnx)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Hub.Requests, request => request.File == "sentencepiece.bpe.model");
    }

    [Fact]
    public async Task Too_little_room_is_told_before_anything_large_is_fetched()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Options = bench.Options with { FreeSpaceMarginBytes = long.MaxValue / 2 };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.DiskFull, failure.Failure);
        Assert.Contains(bench.Options.CacheDirectory, failure.Message, StringComparison.Ordinal);
        Assert.Equal([MisbehavingHub.Listing], bench.Hub.Requests.Select(request => request.File));
    }

    [Fact]
    public void A_disk_that_fills_up_in_the_middle_is_told_as_such()
    {
        // A device of Linux whose every write fails for want of space, as a full disk's does.
        const string fullDevice = "/dev/full";
        if (!File.Exists(fullDevice))
            return;
        using var device = new FileStream(fullDevice, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var error = Assert.Throws<IOException>(() => device.Write([1]));

        var failure = DiskErrors.Explain(error, WeightsFile, "/cache");

        Assert.Equal(PullFailure.DiskFull, failure.Failure);
        Assert.StartsWith("No room for model.safetensors under /cache: the disk is full", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_named()
    {
        await using var bench = await PullBench.StartAsync();
        var file = Path.Combine(bench.Options.CacheDirectory, "file");
        await File.WriteAllTextAsync(file, "");
        bench.Options = bench.Options with { CacheDirectory = Path.Combine(file, "hub") };

        using var hub = new ModelHub(bench.Options);
        var failure = await Assert.ThrowsAsync<ModelPullException>(() => hub.PullAsync(bench.Model));
        bench.Options = bench.Options with { CacheDirectory = Path.GetDirectoryName(file)! };

        Assert.Equal(PullFailure.CacheNotWritable, failure.Failure);
        Assert.Contains("HF_HUB_CACHE", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>", "not JSON")]
    [InlineData("[]", "no commit hash")]
    [InlineData("""{"sha":"../../../../../../../../../../../../../ev","siblings":[]}""", "no commit hash")]
    [InlineData("""{"sha":"0123456789012345678901234567890123456789"}""", "'siblings'")]
    [InlineData("""{"sha":"0123456789012345678901234567890123456789","siblings":[{"rfilename":"../../../.bashrc","size":1,"blobId":"0123456789012345678901234567890123456789"}]}""", "'siblings'")]
    public async Task A_server_that_does_not_speak_the_api_is_not_trusted(string answer, string expected)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.HasTree = false;
        bench.Hub.Fail(MisbehavingHub.Listing, new HubFault.Body(answer));

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Protocol, failure.Failure);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_ENDPOINT", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task A_redirect_to_anything_but_http_is_not_followed(string location)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(Config, new HubFault.Redirect(location));

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Protocol, failure.Failure);
        Assert.Contains("unsafe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_in_circles_ends()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(MisbehavingHub.Listing, new HubFault.Redirect("?again"), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Protocol, failure.Failure);
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
