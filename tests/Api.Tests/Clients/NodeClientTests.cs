using System.Text.Json;
using ActorEmbed.Inference;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests.Clients;

public sealed class NodeClientTests
{
    private static readonly float[][] Units = [ScriptedModel.UnitVectorOf("text1"), ScriptedModel.UnitVectorOf("text2")];
    private static readonly float[] Short = VectorNorm.Normalize(ScriptedModel.VectorOf("text1").AsSpan(0, 2));

    [NodeFact]
    public async Task The_openai_package_works_as_it_is()
    {
        await using var server = await TestServer.StartAsync();

        var result = await NodeClients.RunAsync("openai.mjs", server);

        Assert.Equal(Units, Vectors(result, "base64"));
        Assert.Equal(Units[0], Vector(result, "float"));
        Assert.Equal(Units[0], Vector(result, "tokenIds"));
        AssertClose(Short, Vector(result, "short"));
        Assert.Equal("""{"prompt_tokens":14,"total_tokens":14}""", result.GetProperty("usage").GetRawText());
        Assert.Equal("tests/scripted", result.GetProperty("model").GetString());
        Assert.Equal("""["tests/scripted"]""", result.GetProperty("models").GetRawText());
        Assert.Equal("tests/scripted", result.GetProperty("retrieved").GetString());
        Assert.Equal(
            """{"kind":"BadRequestError","status":400,"type":"invalid_request_error","param":"dimensions","code":null}""",
            result.GetProperty("tooManyDimensions").GetRawText());
        Assert.Equal(
            """{"kind":"NotFoundError","status":404,"type":"invalid_request_error","param":null,"code":"unknown_url"}""",
            result.GetProperty("unknownPath").GetRawText());
    }

    [NodeFact]
    public async Task The_ollama_package_works_as_it_is()
    {
        await using var server = await TestServer.StartAsync();

        var result = await NodeClients.RunAsync("ollama.mjs", server);

        Assert.Equal(Units, Vectors(result, "list"));
        Assert.Equal([Units[0]], Vectors(result, "single"));
        AssertClose(Short, Vector(result, "short"));
        Assert.Equal(ScriptedModel.VectorOf("text1"), Vector(result, "old"));
        Assert.Equal("nomic-embed-text", result.GetProperty("model").GetString());
        Assert.Equal(14, result.GetProperty("promptEvalCount").GetInt32());
        Assert.All(result.GetProperty("durations").Deserialize<long[]>()!, duration => Assert.True(duration >= 0));
        Assert.Equal("""["scripted:latest"]""", result.GetProperty("tags").GetRawText());
        Assert.Equal("[128]", result.GetProperty("running").GetRawText());
        Assert.Equal("""["embedding"]""", result.GetProperty("shown").GetRawText());
        Assert.Equal("success", result.GetProperty("pulled").GetString());
        Assert.Equal(403, result.GetProperty("notPulled").GetProperty("status").GetInt32());
        Assert.Equal("1.0.0", result.GetProperty("version").GetString());
        Assert.Equal(400, result.GetProperty("tooManyDimensions").GetProperty("status").GetInt32());
        Assert.Contains("dimensions", result.GetProperty("tooManyDimensions").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task The_cohere_package_ranks_and_embeds_by_both_of_its_versions()
    {
        await using var embedder = await TestServer.StartAsync();
        await using var reranker = await TestServer.StartAsync(new ScriptedModel { Described = ScriptedModel.RerankerInfo });

        var result = await NodeClients.RunAsync("cohere.mjs", embedder, reranker);

        Assert.Equal("[[1,0.8807971],[2,0.7310586]]", result.GetProperty("v2").GetRawText());
        Assert.Equal("2", result.GetProperty("version").GetString());
        Assert.Equal("""[[1,"a red car"],[2,"red"],[0,"a boat"]]""", result.GetProperty("v1").GetRawText());
        Assert.Equal(Units, Vectors(result, "float"));
        Assert.Equal("[4,4]", result.GetProperty("int8").GetRawText());
        Assert.Equal(Units, Vectors(result, "bare"));
        Assert.True(result.GetProperty("embedderRanks").GetProperty("isCohere").GetBoolean());
        Assert.Equal(422, result.GetProperty("embedderRanks").GetProperty("status").GetInt32());
        Assert.Contains("is an embedder", result.GetProperty("embedderRanks").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task The_voyage_package_ranks_and_embeds()
    {
        await using var embedder = await TestServer.StartAsync();
        await using var reranker = await TestServer.StartAsync(new ScriptedModel { Described = ScriptedModel.RerankerInfo });

        var result = await NodeClients.RunAsync("voyage.mjs", embedder, reranker);

        Assert.Equal("[[1,0.8807971],[2,0.7310586],[0,0.5]]", result.GetProperty("all").GetRawText());
        Assert.Equal("list", result.GetProperty("object").GetString());
        Assert.Equal("""[[1,"a red car"],[2,"red"]]""", result.GetProperty("best").GetRawText());
        Assert.True(result.GetProperty("totalTokens").GetInt64() > 0);
        AssertClose(VectorNorm.Normalize(ScriptedModel.VectorOf("passage: text1").AsSpan(0, 2)), Vectors(result, "embedded")[0]);
        Assert.True(result.GetProperty("tooLong").GetProperty("isVoyage").GetBoolean());
        Assert.Equal(422, result.GetProperty("tooLong").GetProperty("status").GetInt32());
        Assert.Contains("truncation is off", result.GetProperty("tooLong").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, result.GetProperty("textTooLong").GetProperty("status").GetInt32());
    }

    [NodeFact]
    public async Task Langchain_works_over_both_of_its_integrations()
    {
        await using var server = await TestServer.StartAsync();

        var result = await NodeClients.RunAsync("langchain.mjs", server);

        Assert.Equal(Units, Vectors(result, "openai"));
        Assert.Equal(Units[0], Vector(result, "openaiQuery"));
        Assert.Equal(Units, Vectors(result, "ollama"));
        Assert.Equal(Units[0], Vector(result, "ollamaQuery"));
    }

    [NodeFact]
    public async Task The_hugging_face_client_extracts_features_and_compares_sentences()
    {
        await using var server = await TestServer.StartAsync();

        var result = await NodeClients.RunAsync("huggingface.mjs", server);

        Assert.Equal(Units, Vectors(result, "list"));
        Assert.Equal([Units[0]], Vectors(result, "single"));
        AssertClose([1, Units[0].Zip(Units[1], (a, b) => a * b).Sum()], Vector(result, "similarity"));
    }

    private static float[] Vector(JsonElement result, string name) => result.GetProperty(name).Deserialize<float[]>()!;

    private static float[][] Vectors(JsonElement result, string name) => result.GetProperty(name).Deserialize<float[][]>()!;

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }
}
