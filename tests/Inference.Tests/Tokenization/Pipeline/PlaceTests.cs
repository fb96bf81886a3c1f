namespace ActorEmbed.Inference.Tests.Tokenization.Pipeline;

public sealed class PlaceTests
{
    [Theory]
    [InlineData("""{"type":"NFC"}""", "caf\u00E9", "a cafe\u0301 b", "[UNK]=a,caf\u00E9=cafe,[UNK]=b")] // what composes stands for its first character
    [InlineData("""{"type":"NFKC"}""", "fix", "\uFB01x", "fix=\uFB01x")]
    [InlineData("""{"type":"NFD"}""", "e\u0301", "\u00E9", "e\u0301=\u00E9")]
    [InlineData("""{"type":"Lowercase"}""", "hello", "  HELLO ", "hello=HELLO")]
    [InlineData("""{"type":"Lowercase"}""", "i\u0307", "\u0130", "i\u0307=\u0130")] // one character becomes two
    [InlineData("""{"type":"Replace","pattern":{"String":"--"},"content":" "}""", "b", "a--b", "[UNK]=a,b=b")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"[0-9]+"},"content":"N"}""", "N", "x 123 y", "[UNK]=x,N=3,[UNK]=y")] // the last character of what was replaced
    [InlineData("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""", "cafe", "Caf\u00E9猫x", "cafe=Caf\u00E9,[UNK]=猫,[UNK]=x")]
    [InlineData("""{"type":"Prepend","prepend":"_"}""", "_a", "a", "_a=a")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"Strip","strip_left":true,"strip_right":true},{"type":"Lowercase"}]}""", "a", " A ", "a=A")]
    [InlineData("null", "😀b", "a 😀b", "[UNK]=a,😀b=😀b")]
    public void A_token_has_the_place_of_what_it_was_made_of(string normalizer, string word, string text, string expected)
    {
        using var fixture = new PipelineFixture(word).With("normalizer", normalizer);

        Assert.Equal(expected, string.Join(',', PipelineFixture.Pieces(fixture.Load(), text)));
    }

    [Theory]
    [InlineData("always", "▁a=a,▁b=b,▁c=▁c")]
    [InlineData("first", "▁a=a,▁b=b,▁c=▁c")]
    [InlineData("never", "[UNK]=a,▁b=b,▁c=▁c")]
    public void A_mark_that_nobody_wrote_stands_for_the_first_character(string scheme, string expected)
    {
        using var fixture = new PipelineFixture("▁a", "▁b", "▁c").With(
            "pre_tokenizer", $$"""{"type":"Metaspace","replacement":"▁","prepend_scheme":"{{scheme}}","split":true}""");

        var pieces = PipelineFixture.Pieces(fixture.Load(), "a b▁c");

        Assert.Equal(expected.Replace("▁b=b", "▁b= b", StringComparison.Ordinal), string.Join(',', pieces));
    }

    [Fact]
    public void Special_tokens_around_a_text_have_no_place()
    {
        using var fixture = new PipelineFixture("a").With(
            "post_processor", """{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]}""");

        var tokens = fixture.Load().TokenizeWhole(" a");

        Assert.Equal([1, 3, 2], tokens.Ids);
        Assert.Equal((1, 1), (tokens.CountBefore, tokens.CountAfter));
        Assert.Equal([0, 1, 0], tokens.Starts);
        Assert.Equal([0, 2, 0], tokens.Ends);
    }

    [Fact]
    public void The_bytes_of_one_character_all_have_its_place()
    {
        var tokenizer = ReferenceTokenizers.Load("roberta-prefix-tiny");

        var tokens = tokenizer.TokenizeWhole("𝒜");

        Assert.True(tokens.Ids.Length > 3);
        Assert.All(tokens.Starts[1..^1], start => Assert.Equal(0, start));
        Assert.All(tokens.Ends[1..^1], end => Assert.Equal(2, end));
    }
}
