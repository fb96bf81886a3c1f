using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class HalfClosedTests
{
    private const string Post = "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("Content-Length: 18\r\n\r\n{\"texts\":[\"text\"]}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n12\r\n{\"texts\":[\"text\"]}\r\n0\r\n\r\n")]
    public async Task A_client_that_ends_its_side_after_the_request_gets_its_answer(string rest)
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Post + rest);
        connection.ShutdownSend();
        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Single(TestServer.VectorsOf(JsonSerializer.Deserialize<JsonElement>(answer.Split("\r\n\r\n")[1])));
    }

    [Fact]
    public async Task A_client_that_ends_its_side_while_the_model_works_gets_its_answer()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await TestServer.StartAsync(model);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Post + "Content-Length: 18\r\n\r\n{\"texts\":[\"text\"]}");
        await server.InferenceStartedAsync();
        connection.ShutdownSend();
        gate.Set();
        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 18\r\n\r\n{\"texts\"")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n12\r\n{\"texts\"")]
    public async Task A_body_that_breaks_off_is_not_waited_for(string rest)
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Post + rest);
        connection.ShutdownSend();
        var answer = await connection.ReadToEndAsync();

        Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
        Assert.Empty(server.Model.Batches);
    }
}
