using ActorEmbed.Inference.Hub;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class TokenTests
{
    [Fact]
    public async Task An_expired_token_of_the_token_file_keeps_no_public_model_from_being_pulled()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.OnlyToken = "hf_fresh";
        bench.Options = bench.Options with { Token = "hf_expired", TokenFile = "/home/someone/token" };

        await bench.PullAsync();

        bench.AssertWhole(WeightsFile);
        Assert.Contains(bench.Notes, note => note.Contains("/home/someone/token is refused", StringComparison.Ordinal));
        Assert.Equal("Bearer hf_expired", Assert.Single(bench.Hub.Requests, request => request.Authorization is not null).Authorization);
    }

    [Fact]
    public async Task An_expired_token_is_named_where_the_model_needs_one()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.OnlyToken = bench.Hub.Character.RequiredToken = "hf_fresh";
        bench.Options = bench.Options with { Token = "hf_expired", TokenFile = "/home/someone/token" };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Unauthorized, failure.Failure);
        Assert.Contains("/home/someone/token is refused ('hf auth login' makes a new one)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_expired", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_named_for_this_program_is_not_left_out()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Character.OnlyToken = "hf_fresh";
        bench.Options = bench.Options with { Token = "hf_wrong" };

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Unauthorized, failure.Failure);
        Assert.Contains("\"Invalid credentials in Authorization header\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HF_TOKEN", false)]
    [InlineData("HF_TOKEN_PATH", true)]
    public void Where_a_token_came_from_is_remembered(string variable, bool isFile)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "hf_stored\n");

            var options = HubOptions.FromEnvironment(name => name == variable ? (isFile ? file : "hf_named") : null);

            Assert.Equal(isFile ? ("hf_stored", file) : ("hf_named", null), (options.Token, options.TokenFile));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
