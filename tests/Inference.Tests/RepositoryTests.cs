using System.Text.Json;
using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Tests.Compilation;

namespace ActorEmbed.Inference.Tests;

/// <summary>Whole repositories, from text to vector, beside what the original code gave.</summary>
public sealed class RepositoryTests
{
    // What two exact fp32 implementations may differ by.
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData("families/mpnet-tiny")]
    [InlineData("families/distilbert-dense-tiny")]
    [InlineData("families/bert-dense-tiny")]
    [InlineData("families/roberta-prefix-tiny")]
    [InlineData("families/nomic-tiny")]
    [InlineData("families/gte-new-tiny")]
    [InlineData("families/modernbert-tiny")]
    [InlineData("families/qwen3-tiny")]
    [InlineData("families/gemma3-tiny")]
    [InlineData("pooling/all6")]
    [InlineData("pooling/cls_mean")]
    [InlineData("pooling/layernorm")]
    [InlineData("pooling/st6_layout")]
    [InlineData("pooling/weightedmean")]
    [InlineData("static/static-tiny")]
    [InlineData("static/model2vec-tiny")]
    [InlineData("static/model2vec-quantized-tiny")]
    public void A_repository_gives_the_vectors_that_its_authors_meant(string repository)
    {
        using var copy = new TemporaryCopy(Path.Combine(AppContext.BaseDirectory, "data", repository));
        using var model = ModelLoader.Load(copy.Path, new ModelOptions { Threads = 2 });
        var rows = File.ReadLines(Path.Combine(copy.Path, "reference.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => !row.TryGetProperty("prompt_name", out _)).ToArray();
        EmbeddingInput[] texts = [.. rows.Select(row => EmbeddingInput.FromString(row.GetProperty("text").GetString()!))];

        var embeddings = model.Embed(texts);

        Assert.All(rows.Zip(embeddings), pair =>
        {
            var expected = pair.First.GetProperty("vector").EnumerateArray().Select(component => component.GetDouble()).ToArray();
            Assert.Equal(expected.Length, model.Info.Dimensions);
            Assert.Equal(pair.First.GetProperty("ids").GetArrayLength(), pair.Second.TokenCount);
            Assert.True(
                expected.Zip(pair.Second.Vector, (a, b) => Math.Abs(a - b)).Max() < Tolerance, pair.First.GetProperty("text").GetString());
        });
    }
}
