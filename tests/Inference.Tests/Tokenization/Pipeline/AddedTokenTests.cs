namespace ActorEmbed.Inference.Tests.Tokenization.Pipeline;

public sealed class AddedTokenTests
{
    [Theory]
    [InlineData("", "a <x>b", "[UNK]=a,<x>=<x>,[UNK]=b")]
    [InlineData(",\"lstrip\":true", "a  <x> b", "[UNK]=a,<x>=  <x>,[UNK]=b")]
    [InlineData(",\"rstrip\":true", "a <x>  b", "[UNK]=a,<x>=<x>  ,[UNK]=b")]
    [InlineData(",\"single_word\":true", "a<x> <x>", "[UNK]=a<x>,<x>=<x>")]
    [InlineData(",\"single_word\":true", "(<x>)", "[UNK]=(,<x>=<x>,[UNK]=)")]
    [InlineData("", "<X>", "[UNK]=<X>")] // found in the raw text
    [InlineData(",\"normalized\":true", "<X>", "<x>=<X>")] // found in the normalised text
    public void A_token_is_found_as_its_flags_say(string flags, string text, string expected)
    {
        using var fixture = new PipelineFixture()
            .With("normalizer", """{"type":"Lowercase"}""")
            .With("added_tokens", $$"""[{"id":3,"content":"<x>","special":true,"normalized":false{{(flags.Contains("normalized", StringComparison.Ordinal) ? "" : flags)}}}]""");
        if (flags.Contains("normalized", StringComparison.Ordinal))
            fixture.With("added_tokens", """[{"id":3,"content":"<x>","special":false,"normalized":true}]""");

        Assert.Equal(expected, string.Join(',', PipelineFixture.Pieces(fixture.Load(), text)));
    }

    [Fact]
    public void The_longest_of_those_that_begin_together_is_found()
    {
        using var fixture = new PipelineFixture().With("added_tokens", """
            [{"id":3,"content":"<a","special":true,"normalized":false},{"id":4,"content":"<a>","special":true,"normalized":false}]
            """);

        Assert.Equal([4, 3], fixture.Load().Tokenize("<a> <a").Ids);
    }

    [Fact]
    public void New_tokens_are_numbered_after_the_vocabulary_and_known_ones_keep_their_ids()
    {
        using var fixture = new PipelineFixture("word").With("added_tokens", """
            [{"id":3,"content":"word","special":false,"normalized":false},{"id":4,"content":"<new>","special":true,"normalized":false}]
            """);
        var tokenizer = fixture.Load();

        Assert.Equal([3, 4], tokenizer.Tokenize("word<new>").Ids);
        Assert.Equal(5, tokenizer.VocabularySize);
        Assert.Equal([false, true], new[] { tokenizer.PieceOf(3).IsSpecial, tokenizer.PieceOf(4).IsSpecial });
    }

    [Fact]
    public void Tokens_of_tokenizer_config_are_added()
    {
        using var fixture = new PipelineFixture("<old>").WithFile("tokenizer_config.json", """
            {"tokenizer_class":"TokenizersBackend","additional_special_tokens":["<old>","<nowhere>"],
             "added_tokens_decoder":{"4":{"content":"<new>","lstrip":true,"rstrip":false,"single_word":false,"normalized":false,"special":true}}}
            """);
        var tokenizer = fixture.Load();

        Assert.Equal("[UNK]=a,<new>= <new>,<old>=<old>,[UNK]=<nowhere>", string.Join(',', PipelineFixture.Pieces(tokenizer, "a <new><old><nowhere>")));
        Assert.Equal(5, tokenizer.VocabularySize);
    }
}
