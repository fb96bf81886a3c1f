using ActorEmbed.Inference.Models;
using ActorEmbed.Tests.Shared.Models;

namespace ActorEmbed.Inference.Tests.Models;

public sealed class PromptConfigTests : IDisposable
{
    private readonly TestModels.TemporaryCopy _copy = TestModels.Copy(TestModels.UnpooledPrompt);

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void Prompts_and_the_default_are_read_from_the_repository()
    {
        var description = ModelDirectory.Read(TestModels.DefaultPrompt);

        Assert.Equal([new("query", "query: "), new("passage", "passage: ")], description.Prompts.All);
        Assert.Equal("query", description.Prompts.DefaultName);
        Assert.True(description.PoolsPrompt);
        Assert.False(ModelDirectory.Read(TestModels.UnpooledPrompt).PoolsPrompt);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"prompts":null,"default_prompt_name":null}""")]
    public void A_repository_without_prompts_has_none(string? config)
    {
        Assert.Equal(ModelPrompts.None, Read(config));
    }

    [Theory]
    [InlineData("""{"prompts":{"query":"q"},"default_prompt_name":"passage"}""", "'default_prompt_name' is \"passage\", but 'prompts' has no such name.")]
    [InlineData("""{"prompts":["query"]}""", "field 'prompts' must be a object.")]
    [InlineData("""{"prompts":{"query":1}}""", "field 'prompts.query' must be a string.")]
    [InlineData("""{"default_prompt_name":1}""", "field 'default_prompt_name' must be a string.")]
    public void A_damaged_configuration_is_named_with_its_field(string config, string expected)
    {
        var error = Assert.Throws<ModelLoadException>(() => Read(config));

        Assert.Contains("config_sentence_transformers.json", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("intfloat/multilingual-e5-small", "query: ", "passage: ")]
    [InlineData("Xenova/e5-small-v2", "query: ", "passage: ")]
    [InlineData("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: ", "")]
    [InlineData("BAAI/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", "")]
    [InlineData("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: ")]
    [InlineData("mixedbread-ai/mxbai-embed-large-v1", "Represent this sentence for searching relevant passages: ", "")]
    [InlineData("Snowflake/snowflake-arctic-embed-m-v2.0", "query: ", "")]
    [InlineData("onnx-community/embeddinggemma-300m-ONNX", "task: search result | query: ", "title: none | text: ")]
    [InlineData("onnx-community/Qwen3-Embedding-0.6B-ONNX", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", "")]
    public void What_the_authors_document_is_there_for_who_asks_and_never_the_default(string id, string query, string document)
    {
        var prompts = Read(config: null, id);

        Assert.True(prompts.TryFind(PromptChoice.Query, out var forQuery, out _));
        Assert.True(prompts.TryFind(PromptChoice.Document, out var forDocument, out _));
        Assert.True(prompts.TryFind(null, out var unasked, out _));
        Assert.Equal((query, document), (forQuery?.Text, forDocument?.Text));
        Assert.Null(unasked);
        Assert.All(prompts.All, prompt => Assert.True(prompt.IsFromDocumentation));
    }

    [Theory]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2")]
    [InlineData("BAAI/bge-m3")]
    [InlineData("someone/e5-small-v2-finetuned")]
    [InlineData("someone/my-bge-small-en")]
    public void A_model_that_is_only_like_one_with_documented_prompts_has_none(string id) => Assert.Empty(Read(config: null, id).All);

    [Fact]
    public void The_repositorys_own_prompts_win_by_name_and_the_documented_ones_join_them()
    {
        var prompts = Read("""{"prompts":{"search_query":"mine: "},"default_prompt_name":"search_query"}""", "nomic-ai/nomic-embed-text-v1");

        Assert.Equal("mine: ", prompts.All.Single(prompt => prompt.Name == "search_query").Text);
        Assert.Equal("search_document: ", prompts.All.Single(prompt => prompt.Name == "document").Text);
        Assert.Equal("search_query", prompts.DefaultName);
    }

    [Fact]
    public void A_directory_of_another_name_goes_by_what_its_configuration_calls_the_original()
    {
        _copy.Replace("config.json", "\"model_type\"", "\"_name_or_path\": \"intfloat/e5-base-v2\", \"model_type\"");
        File.Delete(_copy.Path("config_sentence_transformers.json"));

        Assert.Equal(["query", "passage"], ModelDirectory.Read(_copy.Directory).Prompts.All.Select(prompt => prompt.Name));
    }

    private ModelPrompts Read(string? config, string? name = null)
    {
        var path = _copy.Path("config_sentence_transformers.json");
        if (config is null)
            File.Delete(path);
        else
            File.WriteAllText(path, config);
        return PromptConfig.Read(_copy.Directory, name);
    }
}
