using ActorEmbed.Inference.Loading;
using ActorEmbed.Inference.Tests.Compilation;

namespace ActorEmbed.Inference.Tests.Static;

public sealed class StaticModelTests
{
    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", "static", name);

    [Fact]
    public void It_says_that_a_table_is_looked_up()
    {
        using var copy = new TemporaryCopy(Data("static-tiny"));
        using var model = ModelLoader.Load(copy.Path);

        Assert.Equal("looks up 0_StaticEmbedding/model.safetensors", model.Info.Source);
        Assert.Equal("mean", model.Info.Pooling);
    }

    [Fact]
    public void A_text_without_tokens_gives_zeros()
    {
        using var copy = new TemporaryCopy(Data("model2vec-tiny"));
        using var model = ModelLoader.Load(copy.Path);

        var embedding = model.Embed([""]).Single();

        Assert.Equal(0, embedding.TokenCount);
        Assert.All(embedding.Vector, component => Assert.Equal(0, component));
    }

    [Fact]
    public void Another_pooling_than_the_mean_is_refused()
    {
        using var copy = new TemporaryCopy(Data("static-tiny"));

        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Path, new ModelOptions { Pooling = PoolingMode.Max }));

        Assert.Contains("max", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0_StaticEmbedding/model.safetensors")]
    [InlineData("0_StaticEmbedding/tokenizer.json")]
    public void A_missing_file_is_named(string file)
    {
        using var copy = new TemporaryCopy(Data("static-tiny"));
        File.Delete(Path.Combine(copy.Path, file));

        Assert.Contains(file, Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_shorter_than_the_vocabulary_is_refused()
    {
        using var copy = new TemporaryCopy(Data("static-tiny"));
        File.Copy(
            Path.Combine(Data("model2vec-quantized-tiny"), "model.safetensors"),
            Path.Combine(copy.Path, "0_StaticEmbedding", "model.safetensors"),
            overwrite: true);

        Assert.Contains("not of one model", Assert.Throws<ModelLoadException>(() => ModelLoader.Load(copy.Path)).Message, StringComparison.Ordinal);
    }
}
