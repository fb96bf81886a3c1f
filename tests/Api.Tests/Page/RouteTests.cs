using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorEmbed.Api.Http.Page.Live;

namespace ActorEmbed.Api.Tests.Page;

/// <summary>Who gets what at the root and below /page.</summary>
public sealed partial class RouteTests
{
    // What browsers send when an address is opened.
    private const string BrowserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    [Fact]
    public async Task A_browser_gets_a_page_with_a_strict_policy()
    {
        await using var server = await TestServer.StartAsync();

        var response = await GetAsync(server, "/", BrowserAccept);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineCode(), html);
        Assert.Equal(["Accept"], response.Headers.Vary);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json, text/plain, */*")]
    [InlineData("text/html;q=0, */*")]
    public async Task Everyone_else_gets_the_plain_answer(string? accept)
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal("ActorEmbed is running", await (await GetAsync(server, "/", accept)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_a_page_browsers_get_the_plain_answer_too_and_nothing_lies_below()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.NoPage = true);

        Assert.Equal("ActorEmbed is running", await (await GetAsync(server, "/", BrowserAccept)).Content.ReadAsStringAsync());
        foreach (var path in new[] { "/page/page.js", "/page/live" })
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await GetAsync(server, path, null)).StatusCode));
    }

    [Fact]
    public async Task Every_file_is_served_with_its_type_and_sent_again_only_when_it_has_changed()
    {
        await using var server = await TestServer.StartAsync();
        var names = typeof(ServerOptions).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("page/", StringComparison.Ordinal) && name != "page/index.html").ToArray();

        Assert.Contains("page/page.js", names);
        foreach (var name in names)
        {
            var response = await GetAsync(server, "/" + name, null);
            using var again = new HttpRequestMessage(HttpMethod.Get, "/" + name);
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);

            Assert.Equal((name, HttpStatusCode.OK), (name, response.StatusCode));
            Assert.Contains(Path.GetExtension(name), new Dictionary<string, string> { ["text/javascript"] = ".js", ["text/css"] = ".css", ["image/svg+xml"] = ".svg" }[response.Content.Headers.ContentType!.MediaType!], StringComparison.Ordinal);
            Assert.Equal((name, HttpStatusCode.NotModified), (name, (await server.Client.SendAsync(again)).StatusCode));
            // No other host is named, but in the name of SVG's own language.
            Assert.DoesNotMatch(OtherHost(), await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task With_a_key_the_files_are_open_and_everything_of_this_server_is_not()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.ApiKey = "secret");

        foreach (var (path, accept, status) in new[]
        {
            ("/", BrowserAccept, HttpStatusCode.OK),
            ("/page/page.js", null, HttpStatusCode.OK),
            ("/", null, HttpStatusCode.Unauthorized),
            ("/page/live", BrowserAccept, HttpStatusCode.Unauthorized),
            ("/info", BrowserAccept, HttpStatusCode.Unauthorized),
        })
            Assert.Equal((path, accept, status), (path, accept, (await GetAsync(server, path, accept)).StatusCode));
        var html = await (await GetAsync(server, "/", BrowserAccept)).Content.ReadAsStringAsync();
        Assert.DoesNotContain("scripted", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    public async Task Host_and_origin_are_checked_as_on_every_route(string header, string value, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync();

        foreach (var path in new[] { "/", "/page/page.js", "/page/live" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd(BrowserAccept);
            request.Headers.Add(header, value);
            Assert.Equal((path, status), (path, (await server.Client.SendAsync(request)).StatusCode));
        }
    }

    [Fact]
    public async Task Who_asks_for_the_headers_of_the_stream_is_not_kept_waiting_for_its_end()
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/page/live");

        var response = await server.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.False(server.Get<LiveSampler>().IsRunning);
    }

    [Fact]
    public async Task The_stream_tells_what_is_done_and_ends_when_the_server_stops()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync("""{"texts":["a","b"]}""");
        using var response = await server.Client.GetAsync("/page/live", HttpCompletionOption.ResponseHeadersRead);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync());

        var model = (await NextAsync(stream))[0].GetProperty("models")[0];
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("tests/scripted", "ready", 2), (model.GetProperty("id").GetString(), model.GetProperty("state").GetString(), model.GetProperty("counters").GetProperty("texts").GetInt32()));

        // A stream has no end of its own: nobody waits for it until the time for accepted requests is over.
        var stopped = server.StopAsync();
        while (await stream.ReadLineAsync() is not null)
        {
            // What was on its way.
        }

        await stopped;
        Assert.False(server.Get<LiveSampler>().IsRunning);
        Assert.Empty(server.Log.Containing("cut off"));
    }

    private static async Task<JsonElement[]> NextAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonSerializer.Deserialize<JsonElement[]>(line["data: ".Length..])!;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    [GeneratedRegex("""<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""https?://(?!www\.w3\.org/2000/svg)""", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHost();
}
