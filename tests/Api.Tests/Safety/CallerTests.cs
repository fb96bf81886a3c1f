using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class CallerTests
{
    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:8421", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("192.0.2.7:8421", 421)]
    [InlineData("[2001:db8::1]:8421", 421)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:9", 200)]
    [InlineData("127.0.0.1:8421", 200)]
    [InlineData("127.1.2.3", 200)]
    [InlineData("[::1]:8421", 200)]
    [InlineData("box.example", 200)]
    [InlineData("a.b.wild.example", 200)]
    [InlineData("wild.example", 421)]
    public async Task Only_hosts_of_this_server_are_answered(string host, int status)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.AllowedHosts = ["box.example", "*.wild.example"]);

        var (response, body) = await SendAsync(server, request => request.Headers.Host = host);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
            Assert.Equal(status, body.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Any_host_is_answered_when_that_is_asked_for()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.AllowedHosts = ["*"]);

        var (response, _) = await SendAsync(server, request => request.Headers.Host = "evil.example");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "400")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "400")]
    [InlineData("GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421")]
    public async Task A_host_that_is_missing_or_hidden_is_refused(string request, string status)
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", "application/json")]
    [InlineData("Origin", "https://evil.example", "text/plain")]
    [InlineData("Origin", "https://evil.example", null)]
    [InlineData("Origin", "http://localhost:1", "application/json")]
    [InlineData("Origin", "null", null)]
    [InlineData("Sec-Fetch-Site", "cross-site", null)]
    [InlineData("Sec-Fetch-Site", "same-site", null)]
    public async Task A_web_page_of_another_origin_reaches_no_inference(string header, string value, string? contentType)
    {
        await using var server = await TestServer.StartAsync();

        var (response, _) = await SendAsync(server, request => request.Headers.Add(header, value), contentType);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(server.Model.Batches);
    }

    [Fact]
    public async Task Its_own_pages_and_pages_of_a_named_origin_are_answered()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.CorsOrigins = ["https://app.example"]);
        var own = $"http://{server.Client.BaseAddress!.Authority}";

        var (fromOwn, _) = await SendAsync(server, request => request.Headers.Add("Origin", own));
        var (fromNamed, _) = await SendAsync(server, request => request.Headers.Add("Origin", "https://app.example"));
        var (fromOther, _) = await SendAsync(server, request => request.Headers.Add("Origin", "https://evil.example"));

        Assert.Equal(HttpStatusCode.OK, fromOwn.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fromNamed.StatusCode);
        Assert.Equal(["https://app.example"], fromNamed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.Forbidden, fromOther.StatusCode);
        Assert.False(fromOther.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("https://evil.example", false)]
    public async Task A_preflight_is_answered_for_a_named_origin_without_a_key(string origin, bool isAllowed)
    {
        await using var server = await TestServer.StartAsync(configure: options =>
        {
            options.CorsOrigins = ["https://app.example"];
            options.ApiKey = "secret";
        });
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/embed");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        preflight.Headers.Add("Access-Control-Request-Private-Network", "true");

        var response = await server.Client.SendAsync(preflight);

        Assert.Equal(isAllowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(isAllowed, response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(isAllowed, response.Headers.Contains("Access-Control-Allow-Private-Network"));
        if (isAllowed)
            Assert.Contains("authorization", string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/embed", null, 401)]
    [InlineData("/embed", "Bearer wrong", 401)]
    [InlineData("/embed", "Bearer secre", 401)]
    [InlineData("/embed", "Bearer secrets", 401)]
    [InlineData("/embed", "Basic secret", 401)]
    [InlineData("/embed", "secret", 401)]
    [InlineData("/info", null, 401)]
    [InlineData("/metrics", null, 401)]
    [InlineData("/healthy", null, 401)]
    [InlineData("/embed", "Bearer secret", 200)]
    [InlineData("/embed", "bearer secret", 200)]
    [InlineData("/health", null, 200)]
    [InlineData("/health/live", null, 200)]
    [InlineData("/health/ready", null, 200)]
    public async Task With_a_key_every_route_but_health_wants_it(string path, string? authorization, int status)
    {
        await using var server = await TestServer.StartAsync(configure: options => options.ApiKey = "secret");
        await Eventually.TrueAsync(async () => (await server.GetAsync("/health")).Response.IsSuccessStatusCode);
        using var request = new HttpRequestMessage(path == "/embed" ? HttpMethod.Post : HttpMethod.Get, path);
        if (path == "/embed")
            request.Content = new StringContent("""{"texts":["text"]}""", Encoding.UTF8, "application/json");
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        var response = await server.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 401)
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Info_never_shows_the_key()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.ApiKey = "secret");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        await Eventually.TrueAsync(async () => (await server.GetAsync("/info")).Response.IsSuccessStatusCode);

        var (_, body) = await server.GetAsync("/info");

        Assert.True(body.GetProperty("settings").TryGetProperty("max_texts", out _));
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<(HttpResponseMessage Response, JsonElement Body)> SendAsync(
        TestServer server, Action<HttpRequestMessage> change, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/embed") { Content = new ByteArrayContent("""{"texts":["text"]}"""u8.ToArray()) };
        if (contentType is not null)
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        change(request);
        var response = await server.Client.SendAsync(request);
        return (response, await TestServer.ReadJsonAsync(response));
    }
}
