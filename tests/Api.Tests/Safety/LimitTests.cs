using System.Net;
using System.Text;
using System.Text.Json;
using ActorEmbed.Api.Http.Safety;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class LimitTests
{
    private const string Body = """{"texts":["text"]}""";

    [Fact]
    public async Task Headers_over_the_limit_are_refused()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MaxHeaderBytes = 2_000);
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync($"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('x', 3_000)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_do_not_come_to_an_end_cost_the_connection()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.HeaderTimeout = TimeSpan.FromSeconds(1));
        await using var slow = await RawConnection.OpenAsync(server);

        await slow.SendAsync("GET /health HTTP/1.1\r\nHost: local");

        Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_trickles_costs_the_connection_and_frees_what_it_held()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MinBodyBytesPerSecond = 100_000);
        await using var slow = await RawConnection.OpenAsync(server);

        await slow.SendAsync($"POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{{");
        await Eventually.TrueAsync(() => Task.FromResult(server.Get<BodyBudget>().ReservedBytes == 1_000_000));

        Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, server.Get<BodyBudget>().ReservedBytes);
    }

    [Fact]
    public async Task More_connections_than_the_limit_are_closed_at_once()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MaxConnections = 1);
        await using var first = await RawConnection.OpenAsync(server);
        await first.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var head = await first.ReadHeadAsync();
        await using var second = await RawConnection.OpenAsync(server);

        await second.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Empty(await second.ReadToEndAsync());
    }

    [Fact]
    public async Task A_body_that_does_not_fit_beside_the_others_is_refused_before_it_is_read()
    {
        await using var server = await TestServer.StartAsync(configure: options =>
        {
            options.MaxBodyBytes = 1_000;
            options.MaxBodyBytesInTotal = 1_000;
        });
        await using var slow = await RawConnection.OpenAsync(server);
        await slow.SendAsync("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 990\r\n\r\n");
        await Eventually.TrueAsync(() => Task.FromResult(server.Get<BodyBudget>().ReservedBytes == 990));

        var (refused, _) = await server.PostAsync(Body);
        await slow.SendAsync(Body.PadRight(990));
        var head = await slow.ReadHeadAsync();
        var (later, _) = await server.PostAsync(Body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_counted_as_it_comes()
    {
        await using var server = await TestServer.StartAsync(configure: options =>
        {
            options.MaxBodyBytes = 100_000;
            options.MaxBodyBytesInTotal = 100_000;
        });
        await using var slow = await RawConnection.OpenAsync(server);
        await slow.SendAsync("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n");
        await Eventually.TrueAsync(() => Task.FromResult(server.Get<BodyBudget>().ReservedBytes == 90_000));

        var small = await PostChunkedAsync(server, Body);
        var large = await PostChunkedAsync(server, JsonSerializer.Serialize(new { texts = new[] { new string('x', 50_000) } }));

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, large.StatusCode);
        Assert.Equal(90_000, server.Get<BodyBudget>().ReservedBytes);
    }

    [Fact]
    public async Task A_request_that_waits_for_inference_holds_no_body()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var waiting = server.PostAsync(Body);
        await Eventually.TrueAsync(() => Task.FromResult(!server.Model.Batches.IsEmpty));
        var held = server.Get<BodyBudget>().ReservedBytes;
        gate.Set();

        Assert.Equal(0, held);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Response.StatusCode);
    }

    [Fact]
    public async Task A_text_of_more_characters_than_the_limit_is_refused_with_its_index()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MaxTextCharacters = 10);

        var (response, problem) = await server.PostAsync("""{"texts":["short","12345678901"]}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(1, problem.GetProperty("index").GetInt32());
    }

    private static async Task<HttpResponseMessage> PostChunkedAsync(TestServer server, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        return await server.Client.SendAsync(request);
    }
}
