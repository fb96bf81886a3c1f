using System.Diagnostics;

namespace ActorEmbed.Api.Tests;

public sealed class SoakTests
{
    // Long enough for thousands of texts and some restarts of inference, short enough for every run of the tests.
    private const string Seconds = "6";

    [Fact]
    public async Task A_short_soak_loses_nothing_and_gets_nothing_wrong()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ActorEmbed.Soak.dll"), Seconds])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var soak = Process.Start(start)!;
        var errors = soak.StandardError.ReadToEndAsync();
        var output = await soak.StandardOutput.ReadToEndAsync();
        await soak.WaitForExitAsync();

        Assert.Contains("lost 0, wrong 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("answered 0", output, StringComparison.Ordinal);
        Assert.True(soak.ExitCode == 0, output + await errors);
    }
}
