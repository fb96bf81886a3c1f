using System.Net;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class DrainTests
{
    [Fact]
    public async Task Accepted_requests_finish_while_new_ones_are_told_to_go()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) });
        var accepted = server.PostAsync("""{"texts":["accepted"]}""");
        await Eventually.TrueAsync(() => Task.FromResult(!server.Model.Batches.IsEmpty));

        var stopping = server.StopAsync();
        HttpResponseMessage refused = null!;
        await Eventually.TrueAsync(async () =>
            (refused = await server.Client.GetAsync("/health")).StatusCode == HttpStatusCode.ServiceUnavailable && refused.Headers.ConnectionClose == true);
        var live = await server.Client.GetAsync("/health/live");
        var isWaiting = !stopping.IsCompleted;
        gate.Set();
        var (answered, body) = await accepted;
        await stopping;

        Assert.True(isWaiting);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal([ScriptedModel.UnitVectorOf("accepted")], TestServer.VectorsOf(body));
        Assert.Equal(ExitCode.Success, server.Lifecycle.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Client.GetAsync("/health/live"));
    }

    [Fact]
    public async Task What_does_not_finish_in_time_is_answered_503()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(
            new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) }, options => options.DrainTimeout = TimeSpan.Zero);
        var accepted = server.PostAsync("""{"texts":["accepted"]}""");
        await Eventually.TrueAsync(() => Task.FromResult(!server.Model.Batches.IsEmpty));

        var stopping = server.StopAsync();
        var (answered, _) = await accepted;
        gate.Set();
        await stopping;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answered.StatusCode);
        Assert.True(answered.Headers.ConnectionClose);
    }
}
