using System.Text.Json;

namespace ActorEmbed.Api.Tests.Safety;

public sealed class UnreadableRequestTests
{
    private const string Get = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Theory]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("GET /health HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400)]
    [InlineData("POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", 400)]
    [InlineData("GET /{8192} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: {16000}\r\n\r\n", 431)]
    public async Task A_request_that_cannot_be_read_is_answered_with_a_problem(string request, int status)
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Long(request));
        var answer = await connection.ReadToEndAsync();

        AssertProblem(answer, status);
    }

    [Fact]
    public async Task It_is_no_other_on_a_connection_that_has_served_before()
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync(Get + "nonsense\r\n\r\n");
        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        AssertProblem(answer[answer.LastIndexOf("HTTP/1.1", StringComparison.Ordinal)..], 400);
    }

    [Fact]
    public async Task Headers_that_do_not_come_to_an_end_are_answered_with_a_problem()
    {
        await using var server = await TestServer.StartAsync(configure: options => options.HeaderTimeout = TimeSpan.FromSeconds(1));
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync("GET /health HTTP/1.1\r\nHost: ");
        var answer = await connection.ReadToEndAsync();

        AssertProblem(answer, 408);
    }

    [Fact]
    public async Task To_a_head_request_only_the_headers_are_sent()
    {
        await using var server = await TestServer.StartAsync();
        await using var connection = await RawConnection.OpenAsync(server);

        await connection.SendAsync("HEAD /health HTTP/1.1\r\n\r\n");
        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    // A number in braces stands for so many characters.
    private static string Long(string request) =>
        System.Text.RegularExpressions.Regex.Replace(request, @"\{(\d+)\}", match => new string('x', int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));

    private static void AssertProblem(string answer, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        var (head, body) = answer.Split("\r\n\r\n") is [var first, var rest] ? (first, rest) : throw new InvalidOperationException(answer);
        Assert.Contains("Content-Type: application/problem+json", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {body.Length}", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", head, StringComparison.Ordinal);
        Assert.Contains("Server: ActorEmbed", head, StringComparison.Ordinal);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }
}
