using System.Text.Json;
using Microsoft.Extensions.AI;
using static ActorEmbed.Client.Tests.ScriptedServer;

namespace ActorEmbed.Client.Tests.Http;

public sealed class WishTests : ClientFixture
{
    public static TheoryData<string, string, string> Errors { get; } = new()
    {
        { "a problem document", """{"title":"Unprocessable Entity","status":422,"detail":"'texts[1]' is too long.","field":"texts","index":1}""", "'texts[1]' is too long." },
        { "the Python sidecar", """{"detail":[{"loc":["body","texts"],"msg":"field required","type":"value_error.missing"}]}""", "field required" },
        { "health", """{"status":"error","reason":"The model is damaged."}""", "The model is damaged." },
        { "OpenAI", """{"error":{"message":"No such model.","type":"invalid_request_error"}}""", "No such model." },
        { "Ollama", """{"error":"no such model"}""", "no such model" },
        { "a gateway", """{"message":"no upstream"}""", "no upstream" },
        { "JSON without a sentence", """{"code":7}""", """{"code":7}""" },
        { "JSON that is no object", """["a"]""", """["a"]""" },
        { "HTML", "<html>Bad gateway</html>", "<html>Bad gateway</html>" },
    };

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task What_the_options_want_is_asked_of_the_server()
    {
        var server = await ServeAsync(EmbedBinary);
        var client = Connect(server, options => (options.Dimensions, options.Truncate, options.ModelId) = (3, false, "m"));

        await client.EmbedBatchAsync(["a"]);

        Assert.Equal("""{"texts":["a"],"normalize":true,"dimensions":3,"truncate":false,"model":"m"}""", Assert.Single(server.Requests).Body);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_call_wants_something_else_than_the_options()
    {
        var server = await ServeAsync(EmbedBinary);
        var client = Connect(server, options => (options.Dimensions, options.Truncate, options.ModelId) = (2, false, "other"));
        var call = new EmbeddingGenerationOptions { Dimensions = 3, ModelId = "A/M", AdditionalProperties = new() { ["truncate"] = true, ["normalize"] = false } };
        var json = JsonSerializer.Deserialize<EmbeddingGenerationOptions>(JsonSerializer.Serialize(call, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions);

        var embeddings = await client.GenerateAsync(["a"], call);
        await client.GenerateAsync(["a"], json);

        Assert.Equal((Model, 3), (embeddings[0].ModelId, embeddings[0].Vector.Length));
        Assert.All(server.Requests, request => Assert.Equal("""{"texts":["a"],"normalize":false,"dimensions":3,"model":"A/M"}""", request.Body));
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("normalize")]
    [InlineData("truncate")]
    public async Task A_property_of_the_wrong_type_is_refused_by_its_name_without_a_request(string property)
    {
        var server = await ServeAsync(Embed);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Connect(server).GenerateAsync(
            ["a"], new EmbeddingGenerationOptions { AdditionalProperties = new() { [property] = "no" } }));

        Assert.Contains($"'{property}' must be true or false", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task The_model_that_the_answer_names_is_told_in_embeddings_and_metadata()
    {
        var server = await ServeAsync(EmbedBinary);
        var client = Connect(server);
        Assert.Null(client.GetRequiredService<EmbeddingGeneratorMetadata>().DefaultModelId);

        var embedding = (await client.GenerateAsync(["a"]))[0];

        var metadata = client.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal((Model, Model, 3), (embedding.ModelId, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.NotNull(embedding.CreatedAt);
        Assert.Single(server.Requests);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [InlineData("a/m", true)]
    [InlineData("M", true)]
    [InlineData("b/m", false)]
    [InlineData("n", false)]
    public async Task Vectors_of_another_model_are_not_used(string wanted, bool isServed)
    {
        var server = await ServeAsync(EmbedBinary);
        var sidecar = await ServeAsync((request, context) => (request.Path == "/info" ? Json(200, $$"""{"model_id":"{{Model}}","dim":3}""") : Embed)(request, context));

        foreach (var asked in new[] { server, sidecar })
        {
            var call = Connect(asked).GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = wanted });
            if (isServed)
                Assert.Equal(Model, (await call)[0].ModelId);
            else
                Assert.Equal((ActorEmbedErrorCode.WrongModel, $"The server runs the model 'a/m', not '{wanted}'; its vectors are not used."), CodeOf(await FailureAsync(call)));
        }

        Assert.Equal((1, 2), (server.Requests.Count, sidecar.Requests.Count));
    }

    [Fact(Timeout = Patience.Milliseconds)]
    public async Task A_server_that_refuses_the_model_is_understood()
    {
        var server = await ServeAsync(Json(404, """{"title":"Not Found","status":404,"detail":"This server has no model 'n'.","field":"model"}"""));

        var failure = await FailureAsync(Connect(server, options => options.ModelId = "n").EmbedBatchAsync(["a"]));

        Assert.Equal((ActorEmbedErrorCode.WrongModel, 404, 1), (failure.Code, failure.Status, failure.Attempts));
        Assert.EndsWith(": This server has no model 'n'.", failure.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience.Milliseconds)]
    [MemberData(nameof(Errors))]
    public async Task An_error_quotes_the_reason_and_not_the_document(string server, string body, string reason)
    {
        Assert.NotEmpty(server);
        var scripted = await ServeAsync(Json(422, body));

        var failure = await FailureAsync(Connect(scripted).EmbedBatchAsync(["a"]));

        Assert.Equal($"POST http://127.0.0.1:{scripted.Port}/embed was answered with 422: {reason}", failure.Message);
        Assert.Equal(body, failure.Body);
    }

    private static (ActorEmbedErrorCode, string) CodeOf(ActorEmbedException failure) => (failure.Code, failure.Message);
}
