using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Bodies;

public sealed class EncodedBodyTests : IAsyncLifetime
{
    private static readonly byte[] Json = """{"texts":["text1"]}"""u8.ToArray();

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(configure: options => options.MaxBodyBytes = 1_000_000);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task A_compressed_body_is_read(string encoding)
    {
        var (response, body) = await PostAsync(encoding, Compress(encoding, Json));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([ScriptedModel.UnitVectorOf("text1")], TestServer.VectorsOf(body));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, br")]
    public async Task Another_encoding_is_refused_by_name(string encoding)
    {
        var (response, body) = await PostAsync(encoding, Json);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains($"'{encoding}'", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Content-Encoding", body.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_that_is_not_what_its_label_says_is_refused_by_name(string encoding)
    {
        var (plain, plainBody) = await PostAsync(encoding, Json);
        var (cut, cutBody) = await PostAsync(encoding, Compress(encoding, Json)[..12]);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (plain.StatusCode, cut.StatusCode));
        Assert.Contains(encoding, plainBody.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(cutBody.GetProperty("detail").GetString()!);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task What_a_small_body_unfolds_to_is_limited(string encoding)
    {
        var bomb = Compress(encoding, Encoding.ASCII.GetBytes("""{"texts":["text1"]}""".PadRight(50_000_000)));

        var (response, body) = await PostAsync(encoding, bomb);

        Assert.InRange(bomb.Length, 1, 100_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("body", body.GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_compressed_body_without_end_is_told_in_the_dialect()
    {
        var (response, body) = await PostAsync("gzip", Json, "/v1/embeddings");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("Content-Encoding", body.GetProperty("error").GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task Ollama_s_routes_take_json_whatever_it_is_called(string contentType)
    {
        foreach (var (path, field) in new[] { ("/api/embed", "input"), ("/api/embeddings", "prompt") })
        {
            using var content = new StringContent($$"""{"model":"any","{{field}}":"text1"}""");
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

            Assert.Equal((path, HttpStatusCode.OK), (path, (await _server.Client.SendAsync(request)).StatusCode));

            using var foreign = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            foreign.Headers.Add("Origin", "https://evil.example");

            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await _server.Client.SendAsync(foreign)).StatusCode));
        }
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(compressed, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Optimal),
            "br" => new BrotliStream(compressed, CompressionLevel.Optimal),
            _ => compressed,
        })
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    private async Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string encoding, byte[] body, string path = "/embed")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        var response = await _server.Client.PostAsync(path, content);
        return (response, await TestServer.ReadJsonAsync(response));
    }
}
