using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using static ActorEmbed.Client.Tests.ScriptedServer;

namespace ActorEmbed.Client.Tests.Http;

public sealed class EmbeddingTests : ClientFixture
{
    private static readonly string[] Many = [.. Enumerable.Range(0, 1000).Select(i => $"{new string('x', i % 7)}{i}")];

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Sends_the_request_of_the_contract_and_returns_the_vectors()
    {
        var server = await ServeAsync(Embed);

        var vectors = await Connect(server).EmbedBatchAsync(["text1", "ü"]);

        Assert.Equal([VectorOf("text1"), VectorOf("ü")], vectors);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/embed"), (request.Method, request.Path));
        Assert.Equal("""{"texts":["text1","ü"],"normalize":true}""", request.Body);
        Assert.Equal("application/json", request.Headers.ContentType);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Leaves_vectors_as_they_are_when_told_to()
    {
        var server = await ServeAsync(Embed);

        await Connect(server).EmbedBatchAsync(["a"], normalize: false);

        Assert.Contains("\"normalize\":false", server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData(null, null, null, null, "")]
    [InlineData("query", null, null, null, ""","prompt_name":"query" """)]
    [InlineData(null, "document", null, null, ""","input_type":"document" """)]
    [InlineData(null, "document", "prompt_name", "passage", ""","prompt_name":"passage" """)]
    [InlineData("query", null, "input_type", "query", ""","input_type":"query" """)]
    [InlineData("query", null, "input_type", null, ""","prompt_name":"query" """)]
    public async Task Asks_for_a_prompt_as_the_options_say_or_the_call(string? name, string? inputType, string? property, string? value, string expected)
    {
        var server = await ServeAsync(Embed);
        var client = Connect(server, options => (options.PromptName, options.InputType) = (name, inputType));

        await client.GenerateAsync(["a"], WithProperty(property, value));
        await client.GenerateAsync(["a"], WithProperty(property, JsonSerializer.SerializeToElement(value)));

        Assert.All(server.Requests, request => Assert.Equal($$"""{"texts":["a"],"normalize":true{{expected.TrimEnd()}}}""", request.Body));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Refuses_a_prompt_that_cannot_be_asked_for_without_a_request()
    {
        var server = await ServeAsync(Embed);
        var both = WithProperty("prompt_name", "query");
        both.AdditionalProperties!["input_type"] = "query";

        var exclusive = await Assert.ThrowsAsync<ArgumentException>(() => Connect(server).GenerateAsync(["a"], both));
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => Connect(server).GenerateAsync(["a"], WithProperty("input_type", 1)));
        var options = Assert.Throws<OptionsValidationException>(() => Connect(server, options => (options.PromptName, options.InputType) = ("a", "query")));

        Assert.Contains("exclude each other", exclusive.Message, StringComparison.Ordinal);
        Assert.Contains("'input_type' must be a string", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("PromptName and InputType exclude each other", options.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Answers_an_empty_list_without_a_request()
    {
        var server = await ServeAsync(Embed);

        Assert.Empty(await Connect(server).EmbedBatchAsync([]));
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Replaces_unpaired_surrogates_and_only_those()
    {
        var server = await ServeAsync(Embed);

        await Connect(server).EmbedBatchAsync(["a\ud800b", "\udc00", "😀"]);

        Assert.Equal(["a\ufffdb", "\ufffd", "😀"], server.Requests.Single().Texts);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Refuses_a_null_by_its_index_without_a_request()
    {
        var server = await ServeAsync(Embed);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Connect(server).EmbedBatchAsync(["a", null!]));

        Assert.Contains("index 1", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Keeps_a_prefix_of_the_base_address_prefers_it_to_the_port_and_sends_the_token()
    {
        var server = await ServeAsync(Json(500, ""), Embed);

        await Connect(server, options =>
        {
            options.BaseUrl = new Uri($"http://127.0.0.1:{server.Port}/deep/er");
            options.Port = 1;
            options.Token = "secret";
        }).EmbedBatchAsync(["a"]);

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal("/deep/er/embed", request.Path));
        Assert.All(server.Requests, request => Assert.Equal("Bearer secret", request.Headers.Authorization));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Asks_for_float32_and_takes_it()
    {
        var server = await ServeAsync(EmbedBinary);

        Assert.Equal([VectorOf("ab"), VectorOf("c")], await Connect(server).EmbedBatchAsync(["ab", "c"]));
        Assert.Equal("application/octet-stream, application/json; q=0.9", server.Requests.Single().Headers.Accept);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Does_not_ask_for_float32_when_told_to_use_json()
    {
        var server = await ServeAsync(Embed);

        await Connect(server, options => options.JsonOnly = true).EmbedBatchAsync(["a"]);

        Assert.Equal("application/json", server.Requests.Single().Headers.Accept);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Ignores_what_else_the_answer_holds()
    {
        var server = await ServeAsync(Json(200, """{"model":{"vectors":[1]},"vectors":[[1,-2.5e-1]],"more":[[]]}"""));

        Assert.Equal([[1f, -0.25f]], await Connect(server).EmbedBatchAsync(["a"]));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_long_list_comes_back_in_order_from_requests_of_at_most_64_texts()
    {
        var server = await ServeAsync(Embed);

        Assert.Equal(Many.Select(VectorOf), await Connect(server).EmbedBatchAsync(Many));
        Assert.Equal(16, server.Requests.Count);
        Assert.Equal(Many.Order(StringComparer.Ordinal), server.Requests.SelectMany(request => request.Texts).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_long_list_has_two_requests_in_flight_and_never_more()
    {
        var server = await ServeAsync(NeverAnswer, NeverAnswer, Json(200, new { status = "ok" }));
        var client = Connect(server);

        var pending = client.EmbedBatchAsync(Many);
        await server.ReceivedAsync(2);
        // A third request would have been sent together with the first two, so before this one.
        Assert.True(await client.CheckHealthAsync());

        Assert.Equal(["/embed", "/embed", "/health"], server.Requests.Select(request => request.Path));
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_short_time_out_makes_smaller_requests()
    {
        var server = await ServeAsync(Embed);

        await Connect(server, options => options.Timeout = TimeSpan.FromSeconds(4)).EmbedBatchAsync(Many[..20]);

        Assert.All(server.Requests, request => Assert.True(request.Texts.Length <= 11));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_list_is_split_by_bytes_too_and_a_giant_text_goes_alone()
    {
        var server = await ServeAsync(Embed);
        string[] texts = [new('ä', 40), new('ö', 40), "u", new('z', 500), "v"];

        var vectors = await Connect(server, options =>
        {
            options.MaxBytesPerRequest = 100;
            options.MaxConcurrentRequests = 1;
        }).EmbedBatchAsync(texts);

        Assert.Equal(texts.Select(VectorOf), vectors);
        Assert.Equal([1, 2, 1, 1], server.Requests.Select(request => request.Texts.Length));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_first_failure_of_a_long_list_ends_the_rest()
    {
        var server = await ServeAsync(NeverAnswer, Json(400, "texts[3] is wrong"));

        var failure = await FailureAsync(Connect(server, options => options.MaxTextsPerRequest = 10).EmbedBatchAsync(Many));

        Assert.Equal((ActorEmbedErrorCode.HttpError, 400, 1), (failure.Code, failure.Status, failure.Attempts));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_long_list_must_be_of_one_dimension()
    {
        var server = await ServeAsync(Embed, Json(200, """{"vectors":[[1,2]]}"""));

        var failure = await FailureAsync(Connect(server, options => (options.MaxTextsPerRequest, options.MaxConcurrentRequests) = (1, 1)).EmbedBatchAsync(["a", "b"]));

        Assert.Equal(ActorEmbedErrorCode.ParseError, failure.Code);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Health_is_true_only_for_200_and_ok_and_is_asked_once()
    {
        var server = await ServeAsync(
            Json(200, new { status = "ok" }), Json(503, new { status = "loading" }), Json(503, new { status = "ok" }),
            Json(200, new { status = "error" }), Json(200, "It works!"), Json(200, "[]"), ResetInMidBody);
        var client = Connect(server);

        var answers = new List<bool>();
        for (var i = 0; i < 7; i++)
            answers.Add(await client.CheckHealthAsync());

        Assert.Equal([true, false, false, false, false, false, false], answers);
        Assert.Equal(7, server.Requests.Count);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Health_never_throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var client = Connect(FreePort.Find(), TimeProvider.System);

        Assert.False(await client.CheckHealthAsync());
        Assert.False(await client.CheckHealthAsync(cancelled.Token));
        client.Dispose();
        Assert.False(await client.CheckHealthAsync());
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Info_is_what_the_server_says_and_is_retried()
    {
        var server = await ServeAsync(Json(500, ""), Json(200, """{"model_id":"a/m","dim":768,"device":"cpu","version":"1.0.0","more":{}}"""), Json(200, "{}"));
        var client = Connect(server);

        Assert.Equal(new ServerInfo("a/m", 768, "cpu", "1.0.0", null), await client.GetInfoAsync());
        Assert.Equal(ActorEmbedErrorCode.ParseError, (await FailureAsync(client.GetInfoAsync())).Code);
    }

    [Fact]
    public void All_wrong_options_are_told_together()
    {
        var refusal = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new ActorEmbedClient(new ActorEmbedClientOptions
        {
            BaseUrl = new Uri("ftp://host"),
            Port = 0,
            Timeout = TimeSpan.Zero,
            RetryAttempts = -1,
            RetryDelay = TimeSpan.FromDays(2),
            MaxRetryAfter = TimeSpan.FromSeconds(-1),
            MaxTextsPerRequest = 0,
            MaxBytesPerRequest = 0,
            MaxConcurrentRequests = 0,
            Dimensions = 0,
            Token = "secret\n",
        }));

        Assert.Equal(
            ["BaseUrl", "Port", "Timeout", "RetryAttempts", "RetryDelay", "MaxRetryAfter", "MaxTextsPerRequest", "MaxBytesPerRequest", "MaxConcurrentRequests", "Dimensions", "Token"],
            refusal.Failures.Select(failure => failure.Split(' ')[0]));
        Assert.DoesNotContain(refusal.Failures, failure => failure.Contains("secret", StringComparison.Ordinal));
    }

    private static EmbeddingGenerationOptions WithProperty(string? name, object? value) =>
        new() { AdditionalProperties = name is null ? [] : new() { [name] = value } };
}
