using System.Buffers.Binary;
using System.Net;
using System.Text;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

public sealed class RawAnswerTests : IAsyncLifetime
{
    private const string Raw = "application/octet-stream";
    private const string Json = "application/json";

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null, Json)]
    [InlineData("*/*", Json)]
    [InlineData("application/*", Json)]
    [InlineData("application/json", Json)]
    [InlineData("application/octet-stream, application/json", Json)]
    [InlineData("application/octet-stream, */*", Json)]
    [InlineData("application/octet-stream;q=0.5, application/json", Json)]
    [InlineData("application/octet-stream;q=0", Json)]
    [InlineData("text/html", Json)]
    [InlineData("nonsense", Json)]
    [InlineData("application/octet-stream", Raw)]
    [InlineData("application/octet-stream, application/json;q=0.9", Raw)]
    [InlineData("application/json;q=0.1, application/octet-stream;q=0.2", Raw)]
    [InlineData("application/octet-stream, */*;q=0.8", Raw)]
    [InlineData("APPLICATION/Octet-Stream", Raw)]
    public async Task The_accept_header_chooses_the_form(string? accept, string expected)
    {
        var response = await PostAsync("""{"texts":["text1"]}""", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("""{"texts":["text1","text2"]}""")]
    [InlineData("""{"inputs":["text1","text2"]}""")]
    public async Task Raw_answers_are_little_endian_floats_with_their_shape_in_the_headers(string json)
    {
        var response = await PostAsync(json, Raw);

        var bytes = await response.Content.ReadAsByteArrayAsync();
        var floats = bytes.Chunk(sizeof(float)).Select(chunk => BinaryPrimitives.ReadSingleLittleEndian(chunk));
        Assert.Equal(("2", "4"), (Header(response, "X-Embedding-Count"), Header(response, "X-Embedding-Dimensions")));
        Assert.Equal(32, response.Content.Headers.ContentLength);
        Assert.Equal([.. ScriptedModel.UnitVectorOf("text1"), .. ScriptedModel.UnitVectorOf("text2")], floats);
    }

    [Fact]
    public async Task Ten_thousand_texts_come_back_whole()
    {
        var texts = string.Join(",", Enumerable.Range(0, 10_000).Select(i => $"\"{i}\""));
        var response = await PostAsync($$"""{"texts":[{{texts}}]}""", Raw);

        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(10_000 * ScriptedModel.Dimensions * sizeof(float), bytes.Length);
        Assert.Equal(ScriptedModel.UnitVectorOf("9999")[0], BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(^16)));
    }

    [Fact]
    public async Task No_texts_are_no_bytes()
    {
        var response = await PostAsync("""{"texts":[]}""", Raw);

        Assert.Equal(("0", 0), (Header(response, "X-Embedding-Count"), (await response.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task An_error_is_json_also_to_who_wants_bytes()
    {
        var response = await PostAsync("""{"texts":[1]}""", Raw);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("texts", (await TestServer.ReadJsonAsync(response)).GetProperty("field").GetString());
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private async Task<HttpResponseMessage> PostAsync(string json, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = new StringContent(json, Encoding.UTF8, Json) };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await _server.Client.SendAsync(request);
    }
}
