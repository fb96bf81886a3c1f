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

        await slow.SendAsync(Announce(1_000_000) + "{".PadRight(100_000));
        await TakenAsync(server, 100_000 - BodyBudget.FreeBytes);

        Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);
        await TakenAsync(server, 0);
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
    public async Task A_connection_that_says_nothing_is_closed()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.HeaderTimeout = TimeSpan.FromSeconds(1));
        await using var silent = await RawConnection.OpenAsync(server);

        Assert.Empty(await silent.ReadToEndAsync());
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_a_connection_that_says_nothing()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.HeaderTimeout = TimeSpan.FromMinutes(10));
        await using var silent = await RawConnection.OpenAsync(server);
        await server.GetAsync("/health/live");

        await server.StopAsync();

        Assert.Empty(await silent.ReadToEndAsync());
        Assert.DoesNotContain(server.Log.All, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_body_that_does_not_fit_beside_the_others_is_refused_before_it_is_read()
    {
        await using var server = await TestServer.StartAsync(configure: options =>
        {
            options.MaxBodyBytes = 200_000;
            options.MaxBodyBytesInTotal = 200_000;
        });
        await using var slow = await RawConnection.OpenAsync(server);
        await slow.SendAsync(Announce(200_000) + Body.PadRight(190_000));
        await TakenAsync(server, 190_000 - BodyBudget.FreeBytes);

        var (refused, _) = await server.PostAsync(Body.PadRight(180_000));
        await slow.SendAsync(new string(' ', 10_000));
        var head = await slow.ReadHeadAsync();
        var (later, _) = await server.PostAsync(Body.PadRight(180_000));

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
            options.MaxBodyBytes = 200_000;
            options.MaxBodyBytesInTotal = 200_000;
        });
        await using var slow = await RawConnection.OpenAsync(server);
        await slow.SendAsync(Announce(200_000) + Body.PadRight(190_000));
        await TakenAsync(server, 190_000 - BodyBudget.FreeBytes);

        var small = await PostChunkedAsync(server, Body);
        var large = await PostChunkedAsync(server, JsonSerializer.Serialize(new { texts = new[] { new string('x', 190_000) } }));

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, large.StatusCode);
        Assert.Equal(190_000 - BodyBudget.FreeBytes, server.Get<BodyBudget>().TakenBytes);
    }

    [Fact]
    public async Task A_request_that_waits_for_inference_holds_no_body()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await TestServer.StartAsync(new ScriptedModel { OnBatch = _ => gate.Wait(ScriptedModel.GateTimeout) });

        var waiting = server.PostAsync(Body.PadRight(BodyBudget.FreeBytes * 2));
        await Eventually.TrueAsync(() => Task.FromResult(!server.Model.Batches.IsEmpty));
        var held = server.Get<BodyBudget>().TakenBytes;
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

    [Fact]
    public async Task The_source_of_a_similarity_is_a_text_like_any_other()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.MaxTextCharacters = 10);

        var (response, error) = await server.PostAsync("{\"inputs\":{\"source_sentence\":\"12345678901\",\"sentences\":[\"short\"]}}", "/similarity");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("source_sentence", error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_announces_much_and_sends_little_keeps_nobody_out()
    {
        await using var server = await TestServer.StartAsync();
        var slow = new List<RawConnection>();
        for (var i = 0; i < 8; i++)
        {
            slow.Add(await RawConnection.OpenAsync(server));
            await slow[i].SendAsync(Announce(32_000_000) + "{".PadRight(100_000));
        }

        await TakenAsync(server, 8 * (100_000 - BodyBudget.FreeBytes));
        var (small, _) = await server.PostAsync(Body);
        var (large, _) = await server.PostAsync(Body.PadRight(31_000_000));
        foreach (var connection in slow)
            await connection.DisposeAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (small.StatusCode, large.StatusCode));
        await TakenAsync(server, 0);
    }

    [Fact]
    public async Task A_small_request_is_served_while_large_ones_take_all_there_is()
    {
        await using var server = await TestServer.StartAsync(configure: options =>
        {
            options.MaxBodyBytes = 1_000_000;
            options.MaxBodyBytesInTotal = 1_000_000;
        });
        await using var large = await RawConnection.OpenAsync(server);
        await large.SendAsync(Announce(1_000_000) + Body.PadRight(999_999));
        await TakenAsync(server, 999_999 - BodyBudget.FreeBytes);

        var (small, _) = await server.PostAsync(Body.PadRight(BodyBudget.FreeBytes));

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    [Fact]
    public async Task A_body_that_began_fast_and_never_ends_costs_the_connection()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.BodyTimeout = TimeSpan.FromSeconds(1));
        await using var slow = await RawConnection.OpenAsync(server);

        await slow.SendAsync(Announce(1_000_000) + Body.PadRight(999_999));

        Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);
        await TakenAsync(server, 0);
    }

    private static string Announce(int bytes) =>
        $"POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n";

    private static Task TakenAsync(TestServer server, long bytes) =>
        Eventually.TrueAsync(() => Task.FromResult(server.Get<BodyBudget>().TakenBytes == bytes));

    private static async Task<HttpResponseMessage> PostChunkedAsync(TestServer server, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        return await server.Client.SendAsync(request);
    }
}
