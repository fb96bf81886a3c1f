namespace ActorEmbed.Inference.Tests.Tokenization.Pipeline;

public sealed class TruncationTests
{
    private const string Around = """{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]}""";

    [Theory]
    [InlineData("Right", null, "1 3 4 2")]
    [InlineData("Left", null, "1 4 5 2")]
    [InlineData("Left", "right", "1 3 4 2")] // tokenizer_config.json wins
    [InlineData("Right", "left", "1 4 5 2")]
    public void A_text_is_cut_on_the_side_that_the_files_say_to_the_models_own_maximum(string direction, string? side, string expected)
    {
        using var fixture = new PipelineFixture("a", "b", "c").With("post_processor", Around)
            .With("truncation", $$"""{"direction":"{{direction}}","max_length":99,"strategy":"LongestFirst","stride":0}""");
        if (side is not null)
            fixture.WithFile("tokenizer_config.json", $$"""{"truncation_side":"{{side}}"}""");

        var tokens = fixture.Load(maxTokens: 4).Tokenize("a b c");

        Assert.Equal(expected, string.Join(' ', tokens.Ids));
        Assert.True(tokens.IsTruncated);
    }

    [Theory]
    [InlineData("Right", 3)]
    [InlineData("Left", 5)]
    public void Megabytes_that_are_cut_off_do_not_change_what_is_kept(string direction, int id)
    {
        using var fixture = new PipelineFixture("a", "b", "c").With("post_processor", Around)
            .With("truncation", $$"""{"direction":"{{direction}}","max_length":99,"strategy":"LongestFirst","stride":0}""");
        var tokenizer = fixture.Load(maxTokens: 12);
        var text = string.Concat(Enumerable.Repeat("a ", 100)) + string.Concat(Enumerable.Repeat("b ", 1_000_000)) + string.Concat(Enumerable.Repeat("c ", 100));

        Assert.Equal([1, .. Enumerable.Repeat(id, 10), 2], tokenizer.Tokenize(text).Ids);
    }

    [Fact]
    public void A_word_without_end_that_is_one_token_hides_nothing_behind_it()
    {
        using var fixture = new PipelineFixture("a");

        Assert.Equal([0, 3], fixture.Load(maxTokens: 4).Tokenize($"{new string('x', 20_000)} a").Ids);
    }

    [Fact]
    public void Tokenizing_a_long_text_ends_when_nobody_waits()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => ReferenceTokenizers.Load("gemma3-tiny").TokenizeWhole("some text", cancellation.Token));
    }
}
