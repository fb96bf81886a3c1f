using System.Net;

namespace ActorEmbed.Api.Tests;

/// <summary>What clients and tools ask to learn whether somebody is there.</summary>
public sealed class LivenessTests
{
    [Fact]
    public async Task Head_is_answered_wherever_get_is_with_its_status_and_no_body()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync("""{"texts":["text"]}""");

        foreach (var path in new[] { "/", "/health", "/health/live", "/info", "/metrics", "/v1/models", "/v1/models/tests/scripted", "/api/tags", "/api/version", "/openapi/v1.json", "/docs", "/v1/nothing" })
        {
            var get = await server.Client.GetAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            var head = await server.Client.SendAsync(request);

            Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
            Assert.Equal((path, get.Content.Headers.ContentType), (path, head.Content.Headers.ContentType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task The_root_says_that_a_server_is_there()
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ActorEmbed is running", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task OllamaSharp_finds_the_server_running()
    {
        await using var server = await TestServer.StartAsync();
        using var client = new OllamaSharp.OllamaApiClient(server.Client.BaseAddress!);

        Assert.True(await client.IsRunningAsync());
    }

    [Theory]
    [InlineData("/embeddings")]
    [InlineData("/openai/deployments/any-name/embeddings?api-version=2024-02-01")]
    public async Task OpenAi_s_clients_are_served_without_v1_and_as_azure_has_it(string path)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.ApiKey = "secret");
        var (refused, error) = await server.PostAsync("""{"input":"text"}""", path);
        server.Client.DefaultRequestHeaders.Add("api-key", "secret");

        var (response, body) = await server.PostAsync("""{"input":"text"}""", path);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("invalid_api_key", error.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("list", body.GetProperty("object").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "error.message")]
    [InlineData("GET", "/v1/embeddings", 405, "error.message")]
    [InlineData("POST", "/openai/deployments/x/chat/completions", 404, "error.message")]
    [InlineData("POST", "/api/generate", 404, "error")]
    [InlineData("GET", "/tokenize", 405, "error_type")]
    [InlineData("GET", "/nothing", 404, "detail")]
    [InlineData("DELETE", "/embed", 405, "detail")]
    public async Task A_path_that_is_none_is_refused_in_the_words_of_its_neighbours(string method, string path, int status, string place)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await server.Client.SendAsync(request);
        var body = await TestServer.ReadJsonAsync(response);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty(place.Split('.').Aggregate(body, (element, name) => element.GetProperty(name)).GetString()!);
    }

    [Fact]
    public async Task Info_names_choices_instead_of_numbering_them()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync("""{"texts":["text"]}""");

        var (_, info) = await server.GetAsync("/info");

        Assert.Equal("fp32", info.GetProperty("precision").GetString());
        Assert.Equal("auto", info.GetProperty("settings").GetProperty("device").GetString());
    }
}
