using ActorEmbed.Api.Http.Errors;
using ActorEmbed.Api.Http.Safety;
using Microsoft.Extensions.Logging;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class BrokenRequestTests
{
    private const string Post = "POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("-5\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}XX0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFFF\r\n{}")]
    public async Task A_malformed_chunk_is_the_callers_fault(string body)
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Post + "Transfer-Encoding: chunked\r\n\r\n" + body);
        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"detail\":", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.All, line => line.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData("Content-Length: 1000000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nF4240\r\n")]
    public async Task An_upload_that_breaks_off_is_no_failure_of_the_server(string rest)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.AccessLog = true);
        for (var i = 0; i < 20; i++)
        {
            var connection = await RawConnection.OpenAsync(server);
            await connection.SendAsync(Post + rest + "{".PadRight(100_000));
            await Eventually.TrueAsync(() => Task.FromResult(server.Get<BodyBudget>().TakenBytes > 0));
            connection.Reset();
            await Eventually.TrueAsync(() => Task.FromResult(server.Log.Containing("POST").Count == i + 1));
        }

        Assert.Equal(0, server.Get<BodyBudget>().TakenBytes);

        Assert.DoesNotContain(server.Log.All, line => line.Level >= LogLevel.Error || (line.Exception is not null && line.Level >= LogLevel.Warning));
    }

    [Fact]
    public async Task The_access_log_has_the_status_that_was_sent_and_the_bytes_that_came()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.AccessLog = true);

        await server.PostAsync("""{"texts":["text"]}""");
        await server.PostAsync("nonsense");
        await server.PostAsync("""{"texts":"text"}""");
        await server.GetAsync("/v1/secret-path");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = new StringContent("""{"texts":["text"]}""", null, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        await server.Client.SendAsync(chunked);

        await Eventually.TrueAsync(() => Task.FromResult(server.Log.Containing(" ms, ").Count == 5));
        var lines = server.Log.Containing(" ms, ").Select(line => line[..line.IndexOf(" in ", StringComparison.Ordinal)] + line[line.IndexOf(',', StringComparison.Ordinal)..line.IndexOf(" from ", StringComparison.Ordinal)]);
        Assert.Equal(["POST /embed 200, 18 bytes", "POST /embed 400, 8 bytes", "POST /embed 422, 16 bytes", "GET (no route) 404, 0 bytes", "POST /embed 200, 18 bytes"], lines);
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"input":"text","encoding_format":"VALUE"}""")]
    [InlineData("/v1/embeddings", """{"input":"text","model":"VALUE"}""")]
    [InlineData("/api/embed", """{"input":"text","model":"VALUE"}""")]
    [InlineData("/embed", """{"texts":VALUE}""")]
    [InlineData("/embed", """{"texts":tVALUE}""")]
    [InlineData("/embed", """{"inputs":"text","truncation_direction":"VALUE"}""")]
    public async Task A_wrong_value_is_not_sent_back_whole(string path, string json)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.RequireModelName = true);

        var (response, body) = await server.PostAsync(json.Replace("VALUE", new string('x', 1_000_000), StringComparison.Ordinal), path);

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.InRange(body.GetRawText().Length, 1, 600);
    }

    [Fact]
    public async Task Paths_and_names_of_models_are_not_sent_back_whole()
    {
        await using var server = await TestServer.StartAsync();
        var name = new string('x', 5_000);

        var (_, path) = await server.GetAsync("/" + name);
        var (_, model) = await server.GetAsync("/v1/models/" + name);

        Assert.All([path, model], body => Assert.InRange(body.GetRawText().Length, 1, 600));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("line\nbreak\u202e", "line\ufffdbreak\ufffd")]
    public void What_is_quoted_stays_on_its_line(string value, string expected) => Assert.Equal(expected, Quoted.Of(value));

    [Fact]
    public void What_is_quoted_says_how_much_was_left_away() =>
        Assert.Equal(new string('x', 80) + "... (20 more characters)", Quoted.Of(new string('x', 100)));

    [Theory]
    [InlineData("/srv/models/mine/model.safetensors is damaged.", "model.safetensors is damaged.")]
    [InlineData("Could not find '/srv/models/mine/config.json'.", "Could not find 'config.json'.")]
    [InlineData(@"C:\Users\somebody\models\model.onnx is missing", "model.onnx is missing")]
    [InlineData(@"\\box\share\models\model.onnx is missing", "model.onnx is missing")]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2 is at https://host.example/a/b/c", "sentence-transformers/all-MiniLM-L6-v2 is at https://host.example/a/b/c")]
    [InlineData("onnx/model.onnx is missing", "onnx/model.onnx is missing")]
    public void A_reason_that_is_told_names_files_and_not_where_they_lie(string reason, string told) => Assert.Equal(told, PublicReason.Of(reason));
}
