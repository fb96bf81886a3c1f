using System.Net;
using System.Text;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

public sealed class BadInputTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(configure: options =>
    {
        options.MaxTexts = 100;
        options.MaxBodyBytes = 10_000;
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("", 400, null, null)]
    [InlineData("{", 400, null, null)]
    [InlineData("""{"texts":["a"]""", 400, null, null)]
    [InlineData("""{"texts":["a"]} trailing""", 400, null, null)]
    [InlineData("""{"texts":["a",]}""", 400, null, null)]
    [InlineData("not json", 400, null, null)]
    [InlineData("[]", 422, null, null)]
    [InlineData("null", 422, null, null)]
    [InlineData("\"text\"", 422, null, null)]
    [InlineData("{}", 422, "texts", null)]
    [InlineData("""{"Texts":["a"]}""", 422, "texts", null)]
    [InlineData("""{"texts":null}""", 422, "texts", null)]
    [InlineData("""{"texts":"a"}""", 422, "texts", null)]
    [InlineData("""{"texts":{"0":"a"}}""", 422, "texts", null)]
    [InlineData("""{"texts":["a",1]}""", 422, "texts", 1)]
    [InlineData("""{"texts":[null]}""", 422, "texts", 0)]
    [InlineData("""{"texts":["a","b",["c"]]}""", 422, "texts", 2)]
    [InlineData("""{"texts":["a",{}]}""", 422, "texts", 1)]
    [InlineData("""{"texts":["a",true]}""", 422, "texts", 1)]
    [InlineData("""{"texts":["a","\ud800"]}""", 422, "texts", 1)]
    [InlineData("""{"texts":["\udc00 tail"]}""", 422, "texts", 0)]
    [InlineData("""{"texts":["a"],"normalize":"yes"}""", 422, "normalize", null)]
    [InlineData("""{"texts":["a"],"normalize":null}""", 422, "normalize", null)]
    [InlineData("""{"texts":["a"],"normalize":1}""", 422, "normalize", null)]
    public async Task A_wrong_body_is_refused_with_the_field_and_the_index(string json, int status, string? field, int? index)
    {
        var (response, problem) = await _server.PostAsync(json);

        await AssertProblemAsync(response, problem, status, field, index);
    }

    [Fact]
    public async Task Invalid_utf8_is_refused_with_its_index()
    {
        using var content = new ByteArrayContent([.. "{\"texts\":[\"a\",\""u8, 0xC3, 0x28, .. "\"]}"u8]);
        content.Headers.ContentType = new("application/json");
        var response = await _server.Client.PostAsync("/embed", content);

        await AssertProblemAsync(response, await TestServer.ReadJsonAsync(response), 422, "texts", 1);
    }

    [Fact]
    public async Task More_texts_than_the_limit_are_refused()
    {
        var (response, problem) = await _server.PostAsync(JsonSerializer.Serialize(new { texts = Enumerable.Repeat("a", 101) }));

        await AssertProblemAsync(response, problem, 413, "texts", 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused(bool statesItsLength)
    {
        var json = JsonSerializer.Serialize(new { texts = new[] { new string('x', 20_000) } });
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = content };
        request.Headers.TransferEncodingChunked = !statesItsLength;
        var response = await _server.Client.SendAsync(request);

        await AssertProblemAsync(response, await TestServer.ReadJsonAsync(response), 413, "body", null);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_refused(string contentType)
    {
        using var content = new StringContent("""{"texts":["a"]}""");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        var response = await _server.Client.PostAsync("/embed", content);

        await AssertProblemAsync(response, await TestServer.ReadJsonAsync(response), 415, "Content-Type", null);
    }

    [Theory]
    [InlineData("GET", "/embed", 405)]
    [InlineData("DELETE", "/health", 405)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/nothing", 404)]
    public async Task A_wrong_method_or_path_is_refused(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var response = await _server.Client.SendAsync(request);

        await AssertProblemAsync(response, await TestServer.ReadJsonAsync(response), status, null, null);
    }

    private async Task AssertProblemAsync(HttpResponseMessage response, JsonElement problem, int status, string? field, int? index)
    {
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Equal(index, problem.TryGetProperty("index", out var at) ? at.GetInt32() : null);

        var (next, body) = await _server.PostAsync("""{"texts":["good"]}""");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal([ScriptedModel.UnitVectorOf("good")], TestServer.VectorsOf(body));
    }
}
