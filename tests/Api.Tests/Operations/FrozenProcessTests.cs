using System.Net;
using ActorEmbed.Tests.Shared.Processes;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class FrozenProcessTests
{
    // RunTimers takes a process for frozen that did not run for more than three seconds.
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(5);

    [PosixFact]
    public async Task A_process_that_was_frozen_under_load_longer_than_its_time_outs_serves_on()
    {
        await using var server = ServerProcess.Start(
            Path.GetTempPath(), [new("ACTOREMBED_SCHEDULING__BATCHTIMEOUT", "2")], "--port", "0");
        await server.WaitUntilReadyAsync();
        var text = string.Join(' ', Enumerable.Repeat("Some words that take their time.", 200));
        var body = $$"""{"texts":[{{string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"{i} {text}\""))}}]}""";
        var load = Enumerable.Range(0, 2).Select(_ => server.EmbedAsync(body)).ToArray();
        // Some batches have come back, and there are many more: so one is under way.
        await Eventually.TrueAsync(async () => await BatchesAsync(server) >= 3);

        server.Signal("STOP");
        using (var thaw = new PeriodicTimer(Freeze))
            await thaw.WaitForNextTickAsync();
        server.Signal("CONT");

        var answers = await Task.WhenAll(load);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health")).StatusCode);
    }

    private static async Task<long> BatchesAsync(ServerProcess server) =>
        System.Text.Json.JsonDocument.Parse(await server.Client.GetStringAsync("/info")).RootElement.GetProperty("counters").GetProperty("batches").GetInt64();
}
