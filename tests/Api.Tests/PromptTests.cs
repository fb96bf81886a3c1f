using System.Net;
using System.Text.Json;

namespace ActorEmbed.Api.Tests;

/// <summary>Prompts in each dialect, as its clients name them.</summary>
public sealed class PromptTests
{
    [Theory]
    [InlineData("/embed", """{"texts":["a"],"prompt_name":"passage"}""", "passage: a")]
    [InlineData("/embed", """{"prompt_name":"query","texts":["a"]}""", "query: a")]
    [InlineData("/embed", """{"texts":["a"],"prompt_name":null}""", "a")]
    [InlineData("/embed", """{"texts":["a"],"input_type":"query"}""", "query: a")]
    [InlineData("/embed", """{"inputs":"a","prompt_name":"query"}""", "query: a")]
    [InlineData("/embed", """{"inputs":"a","input_type":"document"}""", "passage: a")]
    [InlineData("/v1/embeddings", """{"input":"a","input_type":"search_query"}""", "query: a")]
    [InlineData("/v1/embeddings", """{"input":["a"],"input_type":"search_document"}""", "passage: a")]
    [InlineData("/v1/embeddings", """{"input":"a","input_type":"passage"}""", "passage: a")]
    [InlineData("/v1/embeddings", """{"input":"a","input_type":null}""", "a")]
    [InlineData("/v1/embeddings", """{"input":"a","prompt_name":"query"}""", "query: a")]
    [InlineData("/v1/embeddings", """{"input":"a"}""", "a")]
    [InlineData("/api/embed", """{"input":"a","prompt_name":"query","input_type":"query"}""", "a")]
    [InlineData("/similarity", """{"inputs":{"source_sentence":"a","sentences":["a"]},"parameters":{"prompt_name":"query"}}""", "query: a")]
    public async Task A_request_names_its_prompt_and_nothing_is_put_before_a_text_unasked(string path, string json, string embedded)
    {
        await using var server = await TestServer.StartAsync();

        var (response, _) = await server.PostAsync(json, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([embedded], Assert.Single(server.Model.Batches));
    }

    [Theory]
    [InlineData("/embed", """{"texts":["a"],"prompt_name":"quary"}""", 422, "field")]
    [InlineData("/embed", """{"inputs":"a","prompt_name":"quary"}""", 422, null)]
    [InlineData("/tokenize", """{"inputs":"a","prompt_name":"quary"}""", 422, null)]
    [InlineData("/similarity", """{"inputs":{"source_sentence":"a","sentences":["a"]},"parameters":{"prompt_name":"quary"}}""", 422, null)]
    [InlineData("/v1/embeddings", """{"input":"a","prompt_name":"quary"}""", 400, "error.param")]
    public async Task A_name_that_the_model_does_not_have_is_refused_with_those_that_it_has(string path, string json, int status, string? place)
    {
        await using var server = await TestServer.StartAsync();

        var (response, body) = await server.PostAsync(json, path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("There is no prompt 'quary' here: this model has \"query\", \"passage\".", Unescaped(body), StringComparison.Ordinal);
        Assert.True(place is null || place.Split('.').Aggregate(body, (element, name) => element.GetProperty(name)).ValueEquals("prompt_name"));
        Assert.Empty(server.Model.Batches);
    }

    [Theory]
    [InlineData("/embed", """{"texts":["a"],"input_type":"classification"}""", 422, "'input_type' must be \"query\", \"document\", ")]
    [InlineData("/v1/embeddings", """{"input":"a","input_type":1}""", 400, "'input_type' must be a string, but is a number.")]
    [InlineData("/embed", """{"texts":["a"],"input_type":"query","prompt_name":"query"}""", 422, "'prompt_name' and 'input_type' exclude each other.")]
    [InlineData("/embed", """{"texts":["a"],"prompt_name":["query"]}""", 422, "'prompt_name' must be a string, but is a list.")]
    [InlineData("/v1/embeddings", """{"input":[5,6],"input_type":"query"}""", 400, "'input_type' cannot be had with token ids")]
    [InlineData("/embed", """{"inputs":[[5,6]],"prompt_name":"query"}""", 422, "'prompt_name' cannot be had with token ids")]
    public async Task What_cannot_be_asked_for_is_refused_and_its_field_named(string path, string json, int status, string expected)
    {
        await using var server = await TestServer.StartAsync();

        var (response, body) = await server.PostAsync(json, path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(expected, Unescaped(body), StringComparison.Ordinal);
        Assert.Empty(server.Model.Batches);
    }

    [Fact]
    public async Task Tokens_are_those_of_the_prompted_text_and_their_places_count_from_the_prompt()
    {
        await using var server = await TestServer.StartAsync();

        var (_, body) = await server.PostAsync("""{"inputs":"😀","prompt_name":"query","add_special_tokens":false}""", "/tokenize");

        var tokens = body[0].EnumerateArray().ToArray();
        Assert.StartsWith("query: ", string.Concat(tokens.Select(token => token.GetProperty("text").GetString())), StringComparison.Ordinal);
        Assert.Equal("query: ".Length, tokens["query: ".Length].GetProperty("start").GetInt32());
    }

    [Fact]
    public async Task Info_lists_the_prompts_and_the_default()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync("""{"texts":["a"]}""");

        var info = await TestServer.ReadJsonAsync(await server.Client.GetAsync("/info"));

        Assert.Equal("""{"query":"query: ","passage":"passage: "}""", info.GetProperty("prompts").GetRawText());
        // As whatever has no value is left out.
        Assert.False(info.TryGetProperty("default_prompt_name", out _));
    }

    private static string Unescaped(JsonElement body) => string.Join('\n', Strings(body));

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Strings(field.Value)),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };
}
