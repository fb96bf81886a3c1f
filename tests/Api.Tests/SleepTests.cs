using System.Net;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

/// <summary>A model that is closed, as a caller over HTTP sees it.</summary>
public sealed class SleepTests
{
    private readonly ScriptedModel _model = new();

    [Fact]
    public async Task A_model_that_is_asleep_is_not_ill_and_the_next_request_wakes_it()
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await EmbedAsync(server, """{"input":"text","keep_alive":0}""")).StatusCode);
        await AsleepAsync(server);

        var (health, body) = await server.GetAsync("/health");
        Assert.Equal((HttpStatusCode.OK, "ok", 4), (health.StatusCode, body.GetProperty("status").GetString(), body.GetProperty("dim").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/live")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/v1/models")).Response.StatusCode);
        Assert.Contains("actorembed_model_loaded ", await server.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("""{"texts":["text"]}""")).Response.StatusCode);
        Assert.Equal(2, _model.Loads);
        Assert.Single(server.StandardOutput.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"0s\"")]
    [InlineData("\"0h0m\"")]
    public async Task Keep_alive_of_zero_without_texts_closes_the_model(string keepAlive)
    {
        await using var server = await StartAsync();

        var response = await EmbedAsync(server, $$"""{"model":"any","keep_alive":{{keepAlive}}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await AsleepAsync(server);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("\"5m\"")]
    [InlineData("\"-1s\"")]
    [InlineData("\"1h30m10.5s\"")]
    [InlineData("\"300ms\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("1e300")]
    public async Task Keep_alive_is_seconds_or_a_duration(string keepAlive)
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await EmbedAsync(server, $$"""{"input":"text","keep_alive":{{keepAlive}}}""")).StatusCode);
    }

    [Theory]
    [InlineData("\"soon\"")]
    [InlineData("\"5 m\"")]
    [InlineData("\"5m3\"")]
    [InlineData("true")]
    [InlineData("[]")]
    public async Task Another_keep_alive_is_an_error_that_names_it(string keepAlive)
    {
        await using var server = await StartAsync();

        var response = await EmbedAsync(server, $$"""{"input":"text","keep_alive":{{keepAlive}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetString();
        Assert.StartsWith("'keep_alive' must be a number of seconds or a duration such as \"5m\"", error, StringComparison.Ordinal);
        Assert.Empty(_model.Batches);
    }

    [Fact]
    public async Task A_server_is_stopped_while_its_model_sleeps()
    {
        await using var server = await StartAsync();
        await EmbedAsync(server, """{"keep_alive":0}""");
        await AsleepAsync(server);

        await server.StopAsync();

        Assert.Equal((ExitCode.Success, 1, 1), (server.Lifecycle.ExitCode, _model.Loads, _model.Disposals));
    }

    private static Task AsleepAsync(TestServer server) => Eventually.TrueAsync(async () => (await server.GetAsync("/info")).Body.GetProperty("asleep").GetBoolean());

    private static Task<HttpResponseMessage> EmbedAsync(TestServer server, string json) => server.Client.PostAsync("/api/embed", new StringContent(json));

    private async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(_model);
        await Eventually.TrueAsync(async () => (await server.GetAsync("/health")).Response.IsSuccessStatusCode);
        return server;
    }
}
