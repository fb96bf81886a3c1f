using System.Net;
using System.Text.Json;
using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Api.Tests;

/// <summary>Texts of which a model makes nothing, as the embedded one of blank texts.</summary>
public sealed class ZeroVectorTests
{
    private static readonly ScriptedModel Model = new()
    {
        OnResult = (texts, result) => [.. result.Select((one, i) => string.IsNullOrWhiteSpace(texts[i]) ? one with { Vector = new float[ScriptedModel.Dimensions] } : one)],
    };

    [Fact]
    public void The_embedded_model_gives_zeros_for_blank_texts()
    {
        using var model = ModelLoader.Load(EmbeddedModel.Directory);

        var vectors = model.Embed(["", "  ", "\u200b", "text"]).Select(embedding => embedding.Vector).ToArray();

        Assert.All(vectors[..3], vector => Assert.All(vector, component => Assert.Equal(0, component)));
        Assert.Contains(vectors[3], component => component != 0);
    }

    [Theory]
    [InlineData("/embed", """{"texts":["text"," "]}""", "vectors")]
    [InlineData("/api/embed", """{"input":["text"," "]}""", "embeddings")]
    [InlineData("/embed", """{"inputs":["text"," "]}""", null)]
    public async Task They_stay_zeros_where_no_length_is_promised(string path, string json, string? list)
    {
        await using var server = await TestServer.StartAsync(Model);

        var (response, body) = await server.PostAsync(json, path);
        var vectors = (list is null ? body : body.GetProperty(list)).Deserialize<float[][]>()!;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([ScriptedModel.UnitVectorOf("text"), [0, 0, 0, 0]], vectors);
    }

    [Theory]
    [InlineData("/v1/embeddings")]
    [InlineData("/embeddings")]
    public async Task They_are_refused_by_their_index_where_length_1_is_promised(string path)
    {
        await using var server = await TestServer.StartAsync(Model);

        var (response, body) = await server.PostAsync("""{"input":["text"," "]}""", path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("input[1]", body.GetProperty("error").GetProperty("param").GetString());
    }
}
