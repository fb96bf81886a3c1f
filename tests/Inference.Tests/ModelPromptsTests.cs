namespace ActorEmbed.Inference.Tests;

public sealed class ModelPromptsTests
{
    [Theory]
    [InlineData("query", "query,document")]
    [InlineData("passage", "passage,query")]
    [InlineData("document", "corpus,passage,document")]
    [InlineData("passage", "corpus,passage")]
    [InlineData("corpus", "corpus")]
    [InlineData(null, "search_document,search_query")]
    public void The_prompt_for_a_type_of_input_is_the_one_that_sentence_transformers_takes(string? expected, string names)
    {
        var prompts = PromptsOf(names);

        var choice = expected == "query" ? PromptChoice.Query : PromptChoice.Document;

        Assert.True(prompts.TryFind(choice, out var prompt, out _));
        Assert.Equal(expected, prompt?.Name);
    }

    [Fact]
    public void Where_there_is_none_for_a_type_of_input_the_default_is_taken()
    {
        var prompts = new ModelPrompts([new("any", "any: ")], "any");

        Assert.True(prompts.TryFind(PromptChoice.Query, out var forQuery, out _));
        Assert.True(prompts.TryFind(null, out var unasked, out _));

        Assert.Equal(("any", "any"), (forQuery?.Name, unasked?.Name));
    }

    [Theory]
    [InlineData("this model has \"query\", \"passage\"", "query,passage")]
    [InlineData("this model has no prompts", "")]
    public void A_name_is_taken_to_the_letter_and_an_unknown_one_is_told_with_those_that_there_are(string expected, string names)
    {
        Assert.False(PromptsOf(names).TryFind(PromptChoice.Named("Query"), out _, out var whyNot));

        Assert.Equal(expected, whyNot);
    }

    [Fact]
    public void Prompts_are_equal_when_names_texts_and_default_are()
    {
        ModelPrompts Make(string text = "q: ", string? defaultName = null) => new([new("query", text)], defaultName);

        Assert.Equal(Make(), Make());
        Assert.Equal(Make().GetHashCode(), Make().GetHashCode());
        Assert.NotEqual(Make(), Make(text: "Q: "));
        Assert.NotEqual(Make(), Make(defaultName: "query"));
    }

    [Fact]
    public void A_text_with_another_prompt_is_another_input()
    {
        var bare = EmbeddingInput.FromString("a");

        Assert.Equal(bare with { Prompt = PromptChoice.Named("query") }, bare with { Prompt = PromptChoice.Named("query") });
        Assert.NotEqual(bare, bare with { Prompt = PromptChoice.Query });
        Assert.NotEqual(bare with { Prompt = PromptChoice.Document }, bare with { Prompt = PromptChoice.Query });
    }

    [Theory]
    [InlineData("query", InputType.Query)]
    [InlineData("search_query", InputType.Query)]
    [InlineData("document", InputType.Document)]
    [InlineData("SEARCH_DOCUMENT", InputType.Document)]
    [InlineData("passage", InputType.Document)]
    [InlineData("classification", null)]
    [InlineData(null, null)]
    public void Types_of_input_go_by_the_words_of_Voyage_Cohere_and_NVIDIA(string? word, InputType? expected)
    {
        Assert.Equal(expected is not null, InputTypes.TryParse(word, out var inputType));
        Assert.Equal(expected, inputType);
    }

    private static ModelPrompts PromptsOf(string names) =>
        new(names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new ModelPrompt(name, $"{name}: ")));
}
