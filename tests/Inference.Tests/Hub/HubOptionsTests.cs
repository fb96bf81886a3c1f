using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class HubOptionsTests
{
    private static readonly string Home = Path.GetFullPath("/home/someone");

    [Fact]
    public void Nothing_set_means_the_public_hub_and_the_usual_cache()
    {
        var options = Read();

        Assert.Equal("https://huggingface.co/", options.Endpoint.ToString());
        Assert.Equal(Path.Combine(Home, ".cache", "huggingface", "hub"), options.CacheDirectory);
        Assert.Null(options.Token);
        Assert.False(options.IsOffline);
        Assert.True(options.UseSymlinks);
        Assert.True(options.ShowProgressBar);
    }

    [Fact]
    public void The_cache_is_named_by_the_most_specific_variable()
    {
        (string Name, string Value)[] variables =
        [
            ("XDG_CACHE_HOME", "/xdg"), ("HF_HOME", "/hf"), ("HUGGINGFACE_HUB_CACHE", "/old"), ("HF_HUB_CACHE", "/cache"),
        ];
        string[] expected = ["/xdg/huggingface/hub", "/hf/hub", "/old", "/cache"];

        for (var count = 1; count <= variables.Length; count++)
            Assert.Equal(Path.GetFullPath(expected[count - 1]), Read(variables[..count]).CacheDirectory);
    }

    [Theory]
    [InlineData("~/models", "/home/someone/models")]
    [InlineData("$ROOT/models", "/data/models")]
    [InlineData("${ROOT}/models", "/data/models")]
    [InlineData("/a/../models", "/models")]
    public void A_path_may_hold_the_home_directory_and_variables(string given, string expected)
    {
        Assert.Equal(Path.GetFullPath(expected), Read(("HF_HUB_CACHE", given), ("ROOT", "/data")).CacheDirectory);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("Yes", true)]
    [InlineData("ON", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void Switches_are_read_as_huggingface_hub_reads_them(string value, bool expected)
    {
        var options = Read(
            ("HF_HUB_OFFLINE", value), ("HF_HUB_DISABLE_SYMLINKS", value), ("HF_HUB_DISABLE_PROGRESS_BARS", value));

        Assert.Equal((expected, !expected, !expected), (options.IsOffline, options.UseSymlinks, options.ShowProgressBar));
    }

    [Fact]
    public void The_older_switch_for_offline_counts_when_the_newer_is_not_set()
    {
        Assert.True(Read(("TRANSFORMERS_OFFLINE", "1")).IsOffline);
        Assert.False(Read(("TRANSFORMERS_OFFLINE", "1"), ("HF_HUB_OFFLINE", "0")).IsOffline);
    }

    [Fact]
    public void The_endpoint_may_be_a_mirror_with_a_path()
    {
        Assert.Equal("https://mirror.example/hf", Read(("HF_ENDPOINT", "https://mirror.example/hf/")).Endpoint.ToString());
    }

    [Fact]
    public void The_token_comes_from_the_variable_before_the_file()
    {
        var directory = Directory.CreateTempSubdirectory("actorembed-token-");
        try
        {
            var file = Path.Combine(directory.FullName, "token");
            File.WriteAllText(file, "hf_file\n");

            Assert.Equal("hf_file", Read(("HF_HOME", directory.FullName)).Token);
            Assert.Equal("hf_file", Read(("HF_TOKEN_PATH", file)).Token);
            Assert.Equal("hf_old", Read(("HF_TOKEN_PATH", file), ("HUGGING_FACE_HUB_TOKEN", "hf_old")).Token);
            Assert.Equal("hf_new", Read(("HF_TOKEN", " hf_new\n"), ("HUGGING_FACE_HUB_TOKEN", "hf_old")).Token);
            Assert.Null(Read(("HF_TOKEN", "hf_new"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_patience_can_be_set_in_seconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(2.5), Read(("HF_HUB_DOWNLOAD_TIMEOUT", "2.5")).StallTimeout);
    }

    [Fact]
    public void All_unusable_variables_are_named_together()
    {
        var failure = Assert.Throws<ModelPullException>(() => Read(
            ("HF_ENDPOINT", "huggingface.co"), ("HF_HUB_DOWNLOAD_TIMEOUT", "soon"), ("HF_TOKEN", "hf a")));

        Assert.Equal(PullFailure.InvalidSettings, failure.Failure);
        Assert.Contains("HF_ENDPOINT", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_HUB_DOWNLOAD_TIMEOUT", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_together()
    {
        var options = new HubOptions { CacheDirectory = "", ParallelDownloads = 0, StallTimeout = TimeSpan.Zero };

        var failure = Assert.Throws<ModelPullException>(() => new ModelHub(options));

        Assert.Contains(nameof(HubOptions.CacheDirectory), failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HubOptions.ParallelDownloads), failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HubOptions.StallTimeout), failure.Message, StringComparison.Ordinal);
    }

    private static HubOptions Read(params (string Name, string Value)[] variables) =>
        HubOptions.FromEnvironment(name => name == "HOME"
            ? Home
            : variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
}
