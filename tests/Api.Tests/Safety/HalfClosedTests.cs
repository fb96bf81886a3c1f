using System.IO.Pipelines;
using System.Text.Json;
using ActorEmbed.Api.Hosting.Connections;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class HalfClosedTests
{
    private const string Post = "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("Content-Length: 18\r\n\r\n{\"texts\":[\"text\"]}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n12\r\n{\"texts\":[\"text\"]}\r\n0\r\n\r\n")]
    public async Task A_client_that_ends_its_side_after_the_request_gets_its_answer(string rest)
    {
        await using var server = await StartAsync();
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
        await using var server = await StartAsync(model);
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
        await using var server = await StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Post + rest);
        connection.ShutdownSend();
        var answer = await connection.ReadToEndAsync();

        Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
        Assert.Empty(server.Model.Batches);
    }

    [Fact]
    public async Task A_body_that_broke_off_in_the_hands_of_its_reader_ends_the_connection_quietly()
    {
        var socket = new Pipe();
        await socket.Writer.WriteAsync("{\"texts\""u8.ToArray());
        await socket.Writer.CompleteAsync();
        var reader = new EndAfterBytes(socket.Reader);

        var beginning = await reader.ReadAsync();
        reader.AdvanceTo(beginning.Buffer.Start, beginning.Buffer.End);
        var whole = await reader.ReadAsync();

        Assert.False(beginning.IsCompleted);
        Assert.True(whole.IsCompleted);
        // Kestrel does not hand it back. Of a reset between two requests it logs nothing, of other exceptions the stack.
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await reader.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_ended_its_side_counts_as_gone_when_a_second_has_passed()
    {
        using var gate = new ManualResetEventSlim();
        var model = new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) };
        await using var server = await StartAsync(model);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Post + "Content-Length: 18\r\n\r\n{\"texts\":[\"text\"]}");
        await server.InferenceStartedAsync();
        connection.ShutdownSend();
        var answer = connection.ReadToEndAsync();
        await Eventually.TrueAsync(() =>
        {
            // More than once, as the server may not know of the end yet.
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(answer.IsCompleted);
        });
        gate.Set();

        Assert.Empty(await answer);
    }

    // The second does not pass by itself, however slow the machine is.
    private Task<TestServer> StartAsync(ScriptedModel? model = null) =>
        TestServer.StartAsync(model, replace: services => services.AddSingleton<TimeProvider>(_time));
}
