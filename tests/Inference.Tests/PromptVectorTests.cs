using ActorEmbed.Inference.Loading;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests;

/// <summary>Prompts as sentence-transformers puts them before texts, and takes them out of the pooling.</summary>
public sealed class PromptVectorTests
{
    // What an exact fp32 path may differ from the reference by: the order of summation differs.
    private const float Tolerance = 2e-5f;

    public static TheoryData<string> Models =>
    [
        TestModels.DefaultPrompt, TestModels.UnpooledPrompt, TestModels.UnpooledPromptTwice,
        .. new[] { "nomic-tiny", "qwen3-tiny", "gemma3-tiny" }.Select(name => Path.Combine(AppContext.BaseDirectory, "data", "families", name)),
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void Vectors_and_tokens_are_those_of_sentence_transformers_with_each_prompt_and_without(string directory)
    {
        using var model = ModelLoader.Load(directory);
        var reference = ReferenceText.Of(directory);

        var embeddings = model.Embed(reference.Select(InputOf).ToArray());

        Assert.Contains(reference, row => row.PromptName is not null);
        Assert.All(reference.Zip(embeddings), pair =>
        {
            Assert.Equal(pair.First.Ids.Length, pair.Second.TokenCount);
            AssertClose(pair.First.Vector, pair.Second.Vector);
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_tokens_of_prompt_and_text_are_those_of_one_string(string directory)
    {
        using var model = ModelLoader.Load(directory);

        Assert.All(ReferenceText.Of(directory).Where(row => row.Ids.Length < model.Info.MaxTokens), row =>
        {
            Assert.True(model.Info.Prompts.TryFind(InputOf(row).Prompt, out var prompt, out _));
            Assert.Equal(row.Ids, model.Tokenize(prompt?.Text + row.Text).Ids);
        });
    }

    [Theory]
    [InlineData("mean_tokens")]
    [InlineData("max_tokens")]
    [InlineData("mean_sqrt_len_tokens")]
    [InlineData("weightedmean_tokens")]
    [InlineData("lasttoken")]
    [InlineData("cls_token")]
    public void The_compiled_graph_leaves_prompts_out_of_the_pooling_as_the_repositorys_own_does(string mode)
    {
        using var copy = TestModels.Copy(TestModels.XlmrTiny);
        File.WriteAllText(copy.Path("1_Pooling/config.json"), $$"""{"word_embedding_dimension":64,"pooling_mode_{{mode}}":true,"include_prompt":false}""");
        File.WriteAllText(copy.Path("config_sentence_transformers.json"), """{"prompts":{"query":"Query of mine: ","none":""}}""");
        EmbeddingInput[] inputs =
        [
            "a text", With("a text", "query"), With("a text", "none"), With("", "query"), With(string.Concat(Enumerable.Repeat("long ", 300)), "query"),
        ];
        float[][] compiled;
        using (var model = ModelLoader.Load(copy.Directory))
            compiled = [.. model.Embed(inputs).Select(embedding => embedding.Vector)];
        File.Delete(copy.Path("model.safetensors"));

        using var own = ModelLoader.Load(copy.Directory);

        Assert.All(compiled.Zip(own.Embed(inputs)), pair => AssertClose(pair.First, pair.Second.Vector));
        Assert.Equal(compiled[0], compiled[2]);
        Assert.NotEqual(compiled[0], compiled[1]);
    }

    [Fact]
    public void A_prompt_counts_among_the_tokens_that_a_text_is_cut_to()
    {
        using var model = ModelLoader.Load(TestModels.UnpooledPrompt);
        // With the two special tokens it just fits.
        var text = string.Join(' ', Enumerable.Repeat("a", model.Info.MaxTokens - 2));

        var embeddings = model.Embed([text, With(text, "query"), With(text, "query") with { Truncate = false }]);

        Assert.Equal([false, true, true], embeddings.Select(embedding => embedding.IsTruncated));
        Assert.Equal([model.Info.MaxTokens, model.Info.MaxTokens, 0], embeddings.Select(embedding => embedding.TokenCount));
    }

    [Fact]
    public void Token_ids_get_no_prompt_not_even_the_default()
    {
        using var model = ModelLoader.Load(TestModels.DefaultPrompt);
        var prompted = ReferenceText.Of(TestModels.DefaultPrompt)[0];

        var embedding = Assert.Single(model.Embed([EmbeddingInput.FromTokenIds(prompted.Ids)]));

        AssertClose(prompted.Vector, embedding.Vector);
        Assert.Throws<InferenceException>(() => model.Embed([EmbeddingInput.FromTokenIds(prompted.Ids) with { Prompt = PromptChoice.Named("query") }]));
    }

    [Fact]
    public void A_name_that_the_model_does_not_have_fails()
    {
        using var model = ModelLoader.Load(TestModels.UnpooledPrompt);

        var error = Assert.Throws<InferenceException>(() => model.Embed([With("a", "quary")]));

        Assert.Equal("There is no prompt 'quary': this model has \"query\", \"passage\".", error.Message);
    }

    private static EmbeddingInput InputOf(ReferenceText row) => row.PromptName is { } name ? With(row.Text, name) : row.Text;

    private static EmbeddingInput With(string text, string name) => EmbeddingInput.FromString(text) with { Prompt = PromptChoice.Named(name) };

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Tolerance, $"{pair.First} and {pair.Second}"));
}
