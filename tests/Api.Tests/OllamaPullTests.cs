using System.Net;
using System.Text;
using System.Text.Json;
using ActorEmbed.Api.Hosting.Models;
using ActorEmbed.Tests.Shared.Hub;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Api.Tests;

/// <summary>Ollama's <c>/api/pull</c> where the operator allows it, against a hub on loopback.</summary>
public sealed class OllamaPullTests : IAsyncLifetime
{
    private const string Model = "sentence-transformers/xlmr-tiny";

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("actorembed-pull-");
    private MisbehavingHub _hub = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _hub = await MisbehavingHub.StartAsync(HubRepository.TinyModel(Model));
        _server = await TestServer.StartAsync(configure: options => options.AllowPull = true, replace: services => services.AddSingleton(new HubSettings(Variable)));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _hub.DisposeAsync();
        _cache.Delete(recursive: true);
    }

    [Theory]
    [InlineData("xlmr-tiny:latest")]
    [InlineData("hf.co/" + Model)]
    public async Task A_model_of_the_hub_is_pulled_and_its_progress_is_told_line_by_line(string name)
    {
        var (response, lines) = await PullAsync(new { model = name });

        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("success", lines[^1].GetProperty("status").GetString());
        var progress = lines.Where(line => line.TryGetProperty("total", out _)).ToArray();
        Assert.NotEmpty(progress);
        Assert.All(progress, line =>
        {
            Assert.Equal($"pulling {Model}", line.GetProperty("status").GetString());
            Assert.InRange(line.GetProperty("completed").GetInt64(), 0, line.GetProperty("total").GetInt64());
        });
        Assert.NotEmpty(_hub.RequestsFor("model.safetensors"));
    }

    [Fact]
    public async Task What_was_pulled_before_is_there_without_a_call()
    {
        await PullAsync(new { model = Model });
        var requests = _hub.Requests.Count;

        var (_, lines) = await PullAsync(new { model = Model, stream = false });

        Assert.Equal("success", Assert.Single(lines).GetProperty("status").GetString());
        Assert.Equal(requests, _hub.Requests.Count);
    }

    [Fact]
    public async Task A_model_that_the_hub_does_not_have_is_an_error_on_its_own_or_the_last_line()
    {
        var (response, single) = await PullAsync(new { model = "nobody/nothing", stream = false });
        var (_, lines) = await PullAsync(new { model = "nobody/nothing" });

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("nobody/nothing", Assert.Single(single).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("nobody/nothing", lines[^1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b/c")]
    [InlineData("../../etc")]
    public async Task A_name_that_is_none_is_refused_without_a_call(string name)
    {
        var (response, lines) = await PullAsync(new { model = name });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("is not a model id", Assert.Single(lines).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public async Task One_pull_goes_on_at_a_time_and_ends_when_its_caller_has_gone()
    {
        using var gate = new SemaphoreSlim(0);
        _hub.Fail("model.safetensors", new HubFault.Metered(1000, gate), MisbehavingHub.Always);
        using var gone = new CancellationTokenSource();
        var first = _server.Client.PostAsync("/api/pull", Json(new { model = Model }), gone.Token);
        await Eventually.TrueAsync(() => Task.FromResult(_hub.RequestsFor("model.safetensors").Count > 0));

        var (second, _) = await PullAsync(new { model = Model });
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (await first).Content.ReadAsStringAsync(gone.Token));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        await Eventually.TrueAsync(async () => (await PullAsync(new { model = "a/b/c/d" })).Response.StatusCode == HttpStatusCode.BadRequest
            && (await PullAsync(new { model = "nobody/nothing", stream = false })).Response.StatusCode == HttpStatusCode.NotFound);
    }

    private async Task<(HttpResponseMessage Response, JsonElement[] Lines)> PullAsync(object body)
    {
        var response = await _server.Client.PostAsync("/api/pull", Json(body));
        var text = await response.Content.ReadAsStringAsync();
        return (response, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))]);
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private string? Variable(string name) => name switch
    {
        "HF_ENDPOINT" => _hub.Endpoint.ToString(),
        "HF_HUB_CACHE" or "HF_HOME" => _cache.FullName,
        _ => null,
    };
}
