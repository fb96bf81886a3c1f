using System.Net;
using System.Net.Sockets;
using static ActorEmbed.Client.Tests.ScriptedServer;

namespace ActorEmbed.Client.Tests.Http;

public sealed class RetryTests : ClientFixture
{
    private static readonly Dictionary<string, Behaviour> Named = new()
    {
        ["reset before the answer"] = ResetBeforeAnswer,
        ["reset in mid-body"] = ResetInMidBody,
        ["no answer"] = NeverAnswer,
        ["half an answer"] = StopInMidBody,
        ["no JSON"] = Json(200, "hello"),
        ["half of JSON"] = Json(200, """{"vectors":[[1],[2]]"""),
        ["more than JSON"] = Json(200, """{"vectors":[[1],[2]]} more"""),
        ["other JSON"] = Json(200, """{"embeddings":[]}"""),
        ["an array"] = Json(200, "[[1],[2]]"),
        ["too few vectors"] = Json(200, """{"vectors":[]}"""),
        ["too many vectors"] = Json(200, """{"vectors":[[1],[2],[3]]}"""),
        ["two dimensions"] = Json(200, """{"vectors":[[1,2],[1]]}"""),
        ["empty vectors"] = Json(200, """{"vectors":[[],[]]}"""),
        ["null for a number"] = Json(200, """{"vectors":[[1,null],[1,2]]}"""),
        ["a number beyond float32"] = Json(200, """{"vectors":[[1e99],[1]]}"""),
        ["a string for a vector"] = Json(200, """{"vectors":["ab","cd"]}"""),
        ["an object for the list"] = Json(200, """{"vectors":{"0":[1]}}"""),
        ["float32 without its headers"] = Binary(new byte[16], ("X-Embedding-Dimensions", "2")),
        ["float32 of the wrong length"] = Binary(new byte[15], ("X-Embedding-Count", "2"), ("X-Embedding-Dimensions", "2")),
        ["float32 of the wrong count"] = Binary(new byte[8], ("X-Embedding-Count", "1"), ("X-Embedding-Dimensions", "2")),
        ["float32 with NaN"] = Binary([0, 0, 0xC0, 0x7F, 0, 0, 0, 0], ("X-Embedding-Count", "2"), ("X-Embedding-Dimensions", "1")),
        ["float32 of dimension 0"] = Binary([], ("X-Embedding-Count", "2"), ("X-Embedding-Dimensions", "0")),
        ["float32 of a negative count"] = Binary([], ("X-Embedding-Count", "-1"), ("X-Embedding-Dimensions", "0")),
    };

    public static TheoryData<string> Unusable => [.. Named.Keys.Skip(4)];

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_refused_connection_is_tried_three_times()
    {
        var client = Connect(FreePort.Find(), TimeProvider.System, options => options.RetryDelay = TimeSpan.Zero);

        var failure = await FailureAsync(client.EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.NetworkError, 3), (failure.Code, failure.Attempts));
        Assert.NotNull(failure.InnerException);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_name_that_does_not_resolve_is_a_network_error()
    {
        var client = Connect(1, TimeProvider.System, options => (options.BaseUrl, options.RetryAttempts) = (new Uri("http://no-such-host.invalid"), 0));

        var failure = await FailureAsync(client.EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.NetworkError, 1), (failure.Code, failure.Attempts));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("reset before the answer")]
    [InlineData("reset in mid-body")]
    public async Task A_reset_is_retried(string kind)
    {
        var passing = await ServeAsync(Named[kind], Named[kind], Embed);
        var failing = await ServeAsync(Named[kind]);

        Assert.Equal([VectorOf("a")], await Connect(passing).EmbedBatchAsync(["a"]));
        var failure = await FailureAsync(Connect(failing, options => options.RetryAttempts = 1).EmbedBatchAsync(["a"]));

        Assert.Equal(3, passing.Requests.Count);
        Assert.Equal((ActorEmbedErrorCode.NetworkError, 2, 2), (failure.Code, failure.Attempts, failing.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_reset_of_a_kept_connection_counts_as_a_try_of_its_own()
    {
        var server = await ServeAsync(Embed, ResetBeforeAnswer);
        var client = Connect(server, options => options.RetryAttempts = 1);

        await client.EmbedBatchAsync(["a"]);
        var failure = await FailureAsync(client.EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.NetworkError, 2, 3), (failure.Code, failure.Attempts, server.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_500_is_retried_and_the_200_that_follows_is_taken()
    {
        var server = await ServeAsync(Json(500, "boom"), Embed);

        Assert.Equal([VectorOf("a")], await Connect(server).EmbedBatchAsync(["a"]));
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Requests.First().Body, server.Requests.Last().Body);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Three_500s_are_given_up_with_status_and_body()
    {
        var server = await ServeAsync(Json(500, "boom"));

        var failure = await FailureAsync(Connect(server).EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.HttpError, 500, "boom", 3), (failure.Code, failure.Status, failure.Body, failure.Attempts));
        Assert.Contains("boom", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(413)]
    [InlineData(429)]
    [InlineData(302)]
    [InlineData(204)]
    public async Task Any_other_status_is_not_retried(int status)
    {
        var server = await ServeAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/embed";
            return Task.CompletedTask;
        });

        var failure = await FailureAsync(Connect(server).EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.HttpError, status, 1), (failure.Code, failure.Status, failure.Attempts));
        Assert.Single(server.Requests);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(Unusable))]
    public async Task An_unusable_answer_is_not_retried(string kind)
    {
        var server = await ServeAsync(Named[kind]);

        var failure = await FailureAsync(Connect(server).EmbedBatchAsync(["a", "b"]));

        Assert.Equal((ActorEmbedErrorCode.ParseError, 1), (failure.Code, failure.Attempts));
        Assert.Single(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_dimension_that_was_not_asked_for_is_a_parse_error()
    {
        var server = await ServeAsync(Embed);

        Assert.Equal(ActorEmbedErrorCode.ParseError, (await FailureAsync(Connect(server, options => options.Dimensions = 768).EmbedBatchAsync(["a"]))).Code);
        Assert.Single(await Connect(server, options => options.Dimensions = 3).EmbedBatchAsync(["a"]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_peer_that_speaks_no_http_is_a_parse_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = Connect(((IPEndPoint)listener.LocalEndpoint).Port, TimeProvider.System);

        var call = client.EmbedBatchAsync(["a"]);
        using var peer = await listener.AcceptTcpClientAsync();
        await peer.GetStream().WriteAsync("SSH-2.0-OpenSSH\r\n"u8.ToArray());
        var failure = await FailureAsync(call);

        Assert.Equal((ActorEmbedErrorCode.ParseError, 1), (failure.Code, failure.Attempts));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("no answer")]
    [InlineData("half an answer")]
    public async Task An_attempt_has_30_seconds_body_included_and_is_not_retried(string kind)
    {
        var server = await ServeAsync(Named[kind]);

        var call = Connect(server.Port, Time).EmbedBatchAsync(["a"]);
        await server.ReceivedAsync(1);
        Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.Contains(TimeSpan.FromSeconds(30), Time.Running);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var failure = await FailureAsync(call);

        Assert.Equal((ActorEmbedErrorCode.Timeout, 1), (failure.Code, failure.Attempts));
        Assert.Single(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Each_attempt_has_its_own_time()
    {
        var server = await ServeAsync(Json(500, ""), NeverAnswer);

        var call = Connect(server.Port, Time, options =>
            (options.Timeout, options.RetryDelay) = (TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(600))).EmbedBatchAsync(["a"]);
        await Time.RunsAsync(TimeSpan.FromMilliseconds(600));
        Time.Advance(TimeSpan.FromMilliseconds(600));
        await server.ReceivedAsync(2);
        Time.Advance(TimeSpan.FromMilliseconds(699));
        Assert.Contains(TimeSpan.FromMilliseconds(700), Time.Running);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((ActorEmbedErrorCode.Timeout, 2), ((await FailureAsync(call)).Code, server.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Tries_are_a_second_apart()
    {
        var server = await ServeAsync(Json(500, ""), ResetBeforeAnswer, Embed);

        var call = Connect(server.Port, Time).EmbedBatchAsync(["a"]);
        for (var tries = 1; tries <= 2; tries++)
        {
            await Time.RunsAsync(TimeSpan.FromSeconds(1));
            Time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.Contains(TimeSpan.FromSeconds(1), Time.Running);
            Assert.Equal(tries, server.Requests.Count);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal([VectorOf("a")], await call);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("7")]
    [InlineData("date")]
    public async Task Retry_after_is_honoured(string header)
    {
        var value = header == "date" ? Time.GetUtcNow().AddSeconds(7).ToString("R", System.Globalization.CultureInfo.InvariantCulture) : header;
        var server = await ServeAsync(Json(503, "busy", ("Retry-After", value)), Embed);

        var call = Connect(server.Port, Time).EmbedBatchAsync(["a"]);
        await Time.RunsAsync(TimeSpan.FromSeconds(7));
        Assert.Single(server.Requests);
        Time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal([VectorOf("a")], await call);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_retry_after_that_nobody_would_wait_for_fails_at_once()
    {
        var server = await ServeAsync(Json(503, "busy", ("Retry-After", "3600")));

        var failure = await FailureAsync(Connect(server.Port, Time).EmbedBatchAsync(["a"]));

        Assert.Equal((503, TimeSpan.FromHours(1), 1), (failure.Status, failure.RetryAfter, failure.Attempts));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Cancellation_ends_a_request_in_flight_and_the_pause_before_a_retry()
    {
        var server = await ServeAsync(NeverAnswer, Json(500, ""));
        var client = Connect(server.Port, Time);
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();

        var inFlight = client.EmbedBatchAsync(["a"], cancellationToken: first.Token);
        await server.ReceivedAsync(1);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inFlight);
        var pausing = client.EmbedBatchAsync(["a"], cancellationToken: second.Token);
        await Time.RunsAsync(TimeSpan.FromSeconds(1));
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pausing);

        Assert.Equal(2, server.Requests.Count);
        Assert.DoesNotContain(TimeSpan.FromSeconds(1), Time.Running);
    }
}
