using static ActorEmbed.Client.Tests.ScriptedServer;

namespace ActorEmbed.Client.Tests.Http;

public sealed class RankingTests : ClientFixture
{
    [Fact(Timeout = Patience.Milliseconds)]
    public async Task Sends_query_and_texts_and_gives_the_best_first()
    {
        var server = await ServeAsync(Json(200, new { scores = new[] { 0.25, 0.75, -2, 0.75 } }));

        var ranked = await Connect(server).RankAsync("what", ["a", "ü", "c", "d"]);

        Assert.Equal([new(1, 0.75f), new(3, 0.75f), new(0, 0.25f), new(2, -2f)], ranked);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/rank"), (request.Method, request.Path));
        Assert.Equal("""{"query":"what","texts":["a","ü","c","d"]}""", request.Body);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_long_list_travels_in_several_requests_and_is_one_ranking()
    {
        var server = await ServeAsync((request, context) => Json(200, new { scores = request.Texts.Select(text => text.Length) })(request, context));
        string[] texts = [.. Enumerable.Range(0, 150).Select(i => new string('x', (i * 37) % 150))];

        var ranked = await Connect(server).RankAsync("what", texts);

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(Enumerable.Range(0, 150).Reverse(), ranked.Select(text => (int)text.Score));
        Assert.All(ranked, text => Assert.Equal(texts[text.Index].Length, text.Score));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task An_empty_list_is_answered_without_a_request()
    {
        var server = await ServeAsync(Json(500, ""));

        Assert.Empty(await Connect(server).RankAsync("what", []));
        Assert.Empty(server.Requests);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("""{"scores":[1]}""", "2 texts were sent, but 1 scores came back")]
    [InlineData("""{"scores":[1,"x"]}""", "score 1 is no finite number")]
    [InlineData("""{"scores":[1,1e99]}""", "score 1 is no finite number")]
    [InlineData("""{"vectors":[]}""", "no \"scores\" array")]
    [InlineData("nothing", "not the expected JSON")]
    public async Task An_answer_that_is_none_is_a_parse_error(string body, string reason)
    {
        var server = await ServeAsync(Json(200, body));

        var failure = await FailureAsync(Connect(server).RankAsync("what", ["a", "b"]));

        Assert.Equal(ActorEmbedErrorCode.ParseError, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task An_overload_that_passes_is_waited_for_and_an_embedder_is_told_at_once()
    {
        var busy = await ServeAsync(Json(503, "busy", ("Retry-After", "0")), Json(200, new { scores = new[] { 1 } }));
        var embedder = await ServeAsync(Json(422, """{"detail":"x is an embedder"}"""));

        Assert.Equal([new RankedText(0, 1f)], await Connect(busy).RankAsync("what", ["a"]));
        Assert.Equal(422, (await FailureAsync(Connect(embedder).RankAsync("what", ["a"]))).Status);
        Assert.Single(embedder.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_text_that_is_null_is_named_by_its_index()
    {
        using var client = new ActorEmbedClient();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.RankAsync("what", ["a", null!]));

        Assert.Contains("index 1", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.RankAsync(null!, ["a"]));
    }
}
